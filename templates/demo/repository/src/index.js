export { groupBy, sum } from "./util/lists.js";
export { title, words } from "./util/text.js";
