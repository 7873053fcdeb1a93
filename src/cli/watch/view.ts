/** The full-screen view of one swarm: follows its log and its mail, draws what changed, and does what the keys wish. */
import { type Clock, sleep, systemClock } from "../../base/clock.ts";
import { describeError, SkepError } from "../../base/errors.ts";
import { inline } from "../../domain/foreign.ts";
import type { HostFacts } from "../../domain/why-host.ts";
import type { LiveSwarm } from "../../engine/host/context.ts";
import { gateText, openGates } from "../follow/gates.ts";
import { linesOf, news as newsOf } from "../follow/news.ts";
import type { Desk } from "../shell/desk.ts";
import { carry, type Wish } from "./carry.ts";
import { frameOf, pageRows } from "./frame.tsx";
import { type MailRow, newestMail } from "./letters.ts";
import { type OpenPage, openPage } from "./pages.ts";
import type { NewsLine } from "./parts/news.tsx";
import { type Picture, pictureOf } from "./picture.ts";
import { openScreen, type Screen, type ScreenParts } from "./screen.ts";
import { type Intent, type Key, press, START, type Ui } from "./ui.ts";
import { linesWithin } from "./words.ts";

const TICK_MS = 1_000;
const HOST_LOOK_TICKS = 5;
/** Changes that come together are drawn together. */
const DRAW_MS = 40;
const MOST_NEWS = 200;
const MOST_MAIL = 30;
/** Of a page: its end is kept. */
const MOST_TEXT = 1_000_000;
/** Commits before this one are the past, and not read for the news. */
const PAST = 400;

export interface ViewOrder {
  readonly desk: Desk;
  readonly swarm: LiveSwarm;
  readonly signal: AbortSignal;
  readonly stdin: ScreenParts["stdin"];
  readonly stdout: ScreenParts["stdout"];
  readonly coloured: boolean;
}

/** Resolves when the person leaves, or `signal` aborts; the terminal is as it was. Throws when the swarm cannot be read. */
export async function showView(order: ViewOrder): Promise<void> {
  const view = new View(order);
  await view.run();
}

class View {
  readonly #order: ViewOrder;
  readonly #clock: Clock = systemClock;
  readonly #left = new AbortController();
  readonly #signal: AbortSignal;
  #screen: Screen | null = null;
  #ui: Ui = START;
  #picture: Picture | null = null;
  #host: HostFacts | null = null;
  #mail: readonly MailRow[] = [];
  #news: readonly NewsLine[] = [];
  #page: OpenPage | null = null;
  /** Of the page, or of the question that is being answered. */
  #text = "";
  #wrapped: { readonly text: string; readonly width: number; readonly lines: readonly string[] } = { text: "", width: 0, lines: [] };
  /** A frame is on its way; it looks first when the swarm may have changed. */
  #drawing = false;
  #stale = false;
  #tookMs = 0;
  #failure: unknown = null;
  #wished: Promise<unknown> = Promise.resolve();

  constructor(order: ViewOrder) {
    this.#order = order;
    this.#signal = AbortSignal.any([order.signal, this.#left.signal]);
  }

  async run(): Promise<void> {
    const { stdin, stdout } = this.#order;
    this.#host = await this.#order.desk.project.hostFacts();
    await this.#look();
    const screen = openScreen({ stdin, stdout, onKey: (key) => this.#press(key), onResize: () => this.#paint() });
    this.#screen = screen;
    try {
      this.#paint();
      // The first that fails ends all of them.
      await Promise.all([this.#followLog(), this.#followMail(), this.#followClock()].map((part) => this.#orLeave(part)));
    } finally {
      this.#left.abort();
      screen.close();
      // What was wished before the person left is done, not dropped.
      await this.#wished;
    }
    if (this.#failure !== null) throw this.#failure;
  }

  async #orLeave(part: Promise<void>): Promise<void> {
    try {
      await part;
    } catch (error) {
      this.#left.abort();
      throw error;
    }
  }

  async #followLog(): Promise<void> {
    const { swarm, desk } = this.#order;
    let told = Math.max(0, (await swarm.look((state) => state.seq)) - PAST);
    while (!this.#signal.aborted) {
      try {
        for await (const commit of newsOf(swarm, { after: told, signal: this.#signal, needHost: desk.needHost })) {
          told = commit.seq;
          this.#news = [...this.#news, ...linesOf(commit).map((text) => ({ at: commit.at, text }))].slice(-MOST_NEWS);
          this.#changed();
        }
        return;
      } catch (error) {
        // A host that does not come up is what the person wants to see, with its reason, not the end of seeing.
        if (!(error instanceof SkepError) || error.code !== "HOST_DOWN") throw error;
        await sleep(TICK_MS, this.#signal);
      }
    }
  }

  async #followMail(): Promise<void> {
    const { swarm } = this.#order;
    const newest = newestMail(swarm, MOST_MAIL);
    const look = async (): Promise<void> => {
      const mail = await newest();
      if (mail === this.#mail) return;
      this.#mail = mail;
      this.#draw();
    };
    await look();
    for await (const _ of swarm.mail.changes(this.#signal)) await look();
  }

  /** Ages grow without any change of the swarm; what an agent writes down is read as often. */
  async #followClock(): Promise<void> {
    for (let tick = 1; !this.#signal.aborted; tick += 1) {
      await sleep(TICK_MS, this.#signal);
      if (this.#signal.aborted) return;
      if (tick % HOST_LOOK_TICKS === 0) this.#host = await this.#order.desk.project.hostFacts();
      if (this.#page) await this.#read(this.#page);
      this.#changed();
    }
  }

  async #look(): Promise<void> {
    this.#stale = false;
    this.#picture = await this.#order.swarm.look((state) => pictureOf(state, this.#clock.now(), this.#host));
  }

  #press(key: Key): void {
    const [picture, screen] = [this.#picture, this.#screen];
    if (!picture || !screen) return;
    const before = this.#ui.mode;
    const { ui, intent } = press(this.#ui, key, picture, { lines: this.#lines().length, rows: pageRows(screen.size()) });
    this.#ui = ui;
    if (ui.mode.at === "overview" && before.at !== "overview") this.#close();
    if (ui.mode.at === "answer" && before.at !== "answer") void this.#ask(ui.mode.gate);
    if (intent) this.#obey(intent);
    this.#paint();
  }

  #obey(intent: Intent): void {
    if (intent.do === "quit") this.#left.abort();
    else if (intent.do === "open") void this.#open(intent.what);
    else this.#wished = this.#wished.then(() => this.#carry(intent));
  }

  /** One wish after the other, as the keys came. A refusal is said and nothing else; who has left reads it in the terminal. */
  async #carry(wish: Wish): Promise<void> {
    const { desk, swarm } = this.#order;
    try {
      const done = await carry(desk, swarm.id, wish);
      // What is said and what is shown agree, and so does the next key.
      await this.#look();
      this.#tell(done, false);
    } catch (error) {
      if (this.#signal.aborted) this.#fail(error);
      else this.#tell(describeError(error), true);
    }
  }

  /** The person may have gone on when it is there, or when it cannot be had. */
  async #open(what: OpenPage["what"]): Promise<void> {
    this.#close();
    const { desk, swarm } = this.#order;
    const wanted = (): boolean => this.#ui.mode.at === "page" && this.#ui.mode.what === what;
    try {
      const page = await openPage(desk, swarm, what);
      if (!wanted()) return;
      this.#page = page;
      await this.#read(page);
      this.#draw();
    } catch (error) {
      if (!wanted()) return;
      this.#ui = { ...this.#ui, mode: START.mode };
      this.#tell(describeError(error), true);
    }
  }

  async #read(page: OpenPage): Promise<void> {
    const more = await page.more();
    if (page === this.#page) this.#text = (this.#text + more).slice(-MOST_TEXT);
  }

  async #ask(gate: string): Promise<void> {
    this.#close();
    const text = await this.#question(gate).catch(describeError);
    const { mode } = this.#ui;
    if (mode.at !== "answer" || mode.gate !== gate) return;
    this.#text = text;
    this.#draw();
  }

  async #question(gate: string): Promise<string> {
    const asked = (await openGates(this.#order.swarm)).find((one) => one.gate === gate);
    return asked ? gateText(asked, { paint: (_, text) => text }) : `${gate} is answered`;
  }

  #close(): void {
    this.#page = null;
    this.#text = "";
  }

  #tell(text: string, bad: boolean): void {
    this.#ui = { ...this.#ui, notice: { text: inline(text, 400), bad } };
    this.#draw();
  }

  #lines(): readonly string[] {
    const width = this.#screen?.size().columns ?? 80;
    const text = this.#text.trimEnd();
    if (this.#wrapped.text !== text || this.#wrapped.width !== width)
      this.#wrapped = { text, width, lines: text === "" ? [] : linesWithin(text, width) };
    return this.#wrapped.lines;
  }

  #changed(): void {
    this.#stale = true;
    this.#draw();
  }

  /** However fast a swarm changes and however large it is, looking at it takes a part of the time only. */
  #draw(): void {
    if (this.#drawing) return;
    this.#drawing = true;
    this.#clock.after(Math.max(DRAW_MS, 3 * this.#tookMs), () => void this.#frame().catch((error: unknown) => this.#fail(error)));
  }

  async #frame(): Promise<void> {
    const begun = this.#clock.monotonic();
    if (this.#stale) await this.#look();
    this.#drawing = false;
    this.#paint();
    this.#tookMs = this.#clock.monotonic() - begun;
    // It changed while it was looked at.
    if (this.#stale) this.#draw();
  }

  /** What is known, at once. */
  #paint(): void {
    const [picture, screen] = [this.#picture, this.#screen];
    if (!picture || !screen || this.#signal.aborted) return;
    const scene = { ui: this.#ui, picture, mail: this.#mail, news: this.#news, page: this.#lines() };
    screen.draw(frameOf(scene, screen.size(), this.#order.coloured));
  }

  /** What cannot be looked at or drawn ends the view. */
  #fail(error: unknown): void {
    this.#failure = error;
    this.#left.abort();
  }
}
