/** The exact block that `skep init` writes for each MCP client. */
import { CLIENTS, clientIds } from "../../src/cli/setup/clients/index.ts";
import { FORMATS } from "../../src/cli/setup/plan.ts";
import { PUBLISHED } from "../../src/cli/setup/program.ts";

export const clientBlocks = (): string => clientIds.map(block).join("\n\n");

function block(id: (typeof clientIds)[number]): string {
  const { title, file, format, path, entry, next, fresh } = { fresh: {}, ...CLIENTS[id] };
  const { text } = FORMATS[format].add("", path, entry([...PUBLISHED, "mcp"]), fresh);
  const head = `## ${title}\n\n\`skep init --client ${id}\` writes to \`${file}\`:`;
  return `${head}\n\n\`\`\`${format}\n${text}\`\`\`\n\nThen ${next}.`;
}
