/** What is kept of a program's output: its tail, at most so many bytes, cut at a whole character. */
export class Tail {
  readonly #max: number;
  #chunks: Buffer[] = [];
  #kept = 0;
  #seen = 0;

  constructor(maxBytes: number) {
    this.#max = maxBytes;
  }

  add(chunk: Buffer): void {
    this.#seen += chunk.length;
    this.#chunks.push(chunk);
    this.#kept += chunk.length;
    // Compact only at twice the limit, so that a flood of small chunks costs little.
    if (this.#kept > this.#max * 2) this.#compact();
  }

  get truncated(): boolean {
    return this.#seen > this.#max;
  }

  text(): string {
    this.#compact();
    const bytes = this.#chunks[0] ?? Buffer.alloc(0);
    let start = 0;
    // A tail may begin inside a character: skip its continuation bytes.
    while (this.truncated && start < 3 && ((bytes[start] ?? 0) & 0xc0) === 0x80) start += 1;
    return bytes.subarray(start).toString("utf8");
  }

  #compact(): void {
    const all = Buffer.concat(this.#chunks);
    const tail = all.subarray(Math.max(0, all.length - this.#max));
    this.#chunks = [Buffer.from(tail)];
    this.#kept = tail.length;
  }
}

/** Characters of an over-long line that are still handed on. */
const LINE_STUB = 4_096;

/**
 * Lines of a byte stream, without their line ends. A line longer than `maxLine` is handed on as its first 4 KiB and a mark:
 * no longer valid JSON, so a codec treats it as noise, and memory stays bounded. The reader's pace is the writer's pace.
 */
export async function* splitLines(stream: AsyncIterable<Buffer>, maxLine: number): AsyncGenerator<string> {
  let parts: Buffer[] = [];
  let size = 0;
  const add = (part: Buffer): void => {
    size += part.length;
    if (size <= maxLine) parts.push(part);
    else if (parts.length > 0) parts = [Buffer.from(Buffer.concat(parts).subarray(0, LINE_STUB))];
    else if (size === part.length) parts = [Buffer.from(part.subarray(0, LINE_STUB))];
  };
  const take = (): string => {
    const text = Buffer.concat(parts)
      .subarray(0, size > maxLine ? LINE_STUB : size)
      .toString("utf8");
    const line = size > maxLine ? `${text}… [line of ${size} bytes cut]` : text.replace(/\r$/, "");
    parts = [];
    size = 0;
    return line;
  };
  for await (const chunk of untilClosed(stream)) {
    let from = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, from)) {
      add(chunk.subarray(from, end));
      yield take();
      from = end + 1;
    }
    if (from < chunk.length) add(chunk.subarray(from));
  }
  if (size > 0) yield take();
}

/** A stream closed before its end is an end like any other here: the process that wrote it is gone. */
async function* untilClosed(stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  try {
    yield* stream;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_STREAM_PREMATURE_CLOSE") throw error;
  }
}
