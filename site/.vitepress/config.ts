/** The docs as a site: the Markdown of docs/ as it stands, nothing fetched when it is built or read. */
import { defineConfig, type UserConfig } from "vitepress";
import { SIDEBAR } from "./sidebar.ts";
import { slug } from "./slug.ts";

const HERO = {
  name: "skep",
  text: "A goal in, a reviewed branch out",
  tagline: "An MCP server that runs a swarm of coding agents on your repository, without handing over your checkout or the last word.",
  actions: [
    { theme: "brand", text: "Set it up in your client", link: "/clients" },
    { theme: "alt", text: "How it works", link: "/concepts" },
  ],
};

const config: UserConfig = defineConfig({
  title: "skep",
  description: "Swarms of coding agents as an MCP server: a plan that is reviewed, work in git worktrees, one merge path.",
  lang: "en",
  srcDir: "../docs",
  // GitHub shows a folder by its README.
  rewrites: { "README.md": "index.md" },
  head: [["link", { rel: "icon", href: "data:," }]],
  markdown: {
    anchor: { slugify: slug },
    theme: { light: "github-light-high-contrast", dark: "github-dark" },
  },
  themeConfig: {
    sidebar: SIDEBAR.map((group) => ({ ...group, items: [...group.items] })),
    search: { provider: "local" },
    outline: [2, 3],
    docFooter: { prev: "Before", next: "Next" },
  },
  // The home page is plain Markdown; what a site shows above it stands here.
  transformPageData(page) {
    if (page.relativePath === "index.md") Object.assign(page.frontmatter, { layout: "home", hero: HERO });
  },
});

export default config;
