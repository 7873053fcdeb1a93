/** VitePress's own theme with the reader's fonts: none is fetched. */
import Theme from "vitepress/theme-without-fonts";
import "./style.css";

export default Theme;
