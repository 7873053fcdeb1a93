/**
 * The engine of the fake CLIs: prints the stream in $FAKE_STREAM line by line. A line with `$` is an order:
 *   wait for start|message|interrupt|answer · exit code · raw text · huge bytes · lines (several in one) · stubborn · child
 *   · deaf
 * {{uuid:n}} is the receipt of the n-th message, {{last}} of the latest. The end of stdin ends the program, unless
 * it is stubborn. With $FAKE_LOG it writes down its argv and every line it was sent.
 */
import { spawn } from "node:child_process";
import { appendFileSync, readFileSync } from "node:fs";
import { createInterface } from "node:readline";

/** By stdin and stdout, as most programs have it. */
function pipes() {
  const input = createInterface({ input: process.stdin });
  return {
    listen(onLine, onClose) {
      input.on("line", onLine);
      input.on("close", onClose);
    },
    write: (text) => void process.stdout.write(text),
    deaf() {
      input.close();
      process.stdin.destroy();
    },
  };
}

/**
 * @param dialect line → {what: "start"|"message"|"interrupt"|"end"|"bad", receipt?, session?}
 * @param io how lines come and go: {listen(onLine, onClose), write(text), deaf(), orders?}; its own `orders` are $ lines too
 */
export async function replay(dialect, session, io = pipes()) {
  const lines = readFileSync(process.env.FAKE_STREAM, "utf8")
    .trim()
    .split("\n")
    .map((line) => [line, JSON.parse(line)]);
  const log = (entry) => process.env.FAKE_LOG && appendFileSync(process.env.FAKE_LOG, `${JSON.stringify(entry)}\n`);
  log({ argv: process.argv.slice(2), env: Object.keys(process.env).sort() });
  const came = { start: 0, message: 0, interrupt: 0, answer: 0 };
  const used = { ...came };
  const receipts = [];
  let stubborn = false;
  let closed = false;
  let wake = () => {};
  const onLine = (line) => {
    log({ stdin: line });
    const said = dialect(line);
    if (said.what === "bad") process.exit(1);
    if (said.session) session = said.session;
    if (said.receipt) receipts.push(said.receipt);
    if (said.what in came) came[said.what] += 1;
    if (said.what === "end") closed = true;
    wake();
  };
  io.listen(onLine, () => {
    closed = true;
    wake();
  });
  // Answers false when nothing will come any more.
  const wait = async (what) => {
    while (came[what] <= used[what]) {
      if (closed && !stubborn) return false;
      await new Promise((resolve) => {
        wake = resolve;
      });
    }
    used[what] += 1;
    return true;
  };
  const filled = (text) =>
    text
      .replace(/\{\{uuid:(\d+)\}\}/g, (_, n) => receipts[n - 1] ?? "none")
      .replaceAll("{{last}}", receipts.at(-1) ?? "none")
      .replaceAll("{{cwd}}", process.cwd())
      .replaceAll("{{session}}", session);
  for (const [text, line] of lines) {
    switch (line.$) {
      case undefined:
        io.write(`${filled(text)}\n`);
        break;
      case "wait":
        if (!(await wait(line.for))) return process.exit(0);
        break;
      case "exit":
        return process.exit(line.code);
      case "raw":
        io.write(line.text);
        break;
      case "huge":
        io.write(`{"type":"huge","text":"${"x".repeat(line.bytes)}"}\n`);
        break;
      case "stubborn":
        stubborn = true;
        process.on("SIGTERM", () => {});
        setInterval(() => {}, 60_000);
        break;
      case "child":
        spawn(process.execPath, ["-e", "process.on('SIGTERM',()=>{});setInterval(()=>{},60000)"], { stdio: "ignore" });
        break;
      case "deaf":
        io.deaf();
        stubborn = true;
        setInterval(() => {}, 60_000);
        break;
      case "lines":
        for (const each of line.lines) io.write(`${filled(JSON.stringify(each))}\n`);
        break;
      default:
        if (!io.orders?.[line.$]) throw new Error(`unknown order ${text}`);
        io.orders[line.$](line);
    }
  }
  came.never = used.never = 0;
  await wait("never");
  process.exit(0);
}
