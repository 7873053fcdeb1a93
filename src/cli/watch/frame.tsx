/** One frame: what is known and the size of the terminal in, its lines out. Pure. Ink lays them out. */
import { Box, renderToString } from "ink";
import type { MailRow } from "./letters.ts";
import { Board, boardRows } from "./parts/board.tsx";
import { Foot } from "./parts/foot.tsx";
import { Gates, gateRows } from "./parts/gates.tsx";
import { HEAD_ROWS, Head } from "./parts/head.tsx";
import { Help } from "./parts/help.tsx";
import { Mail } from "./parts/mail.tsx";
import { News, type NewsLine } from "./parts/news.tsx";
import { PAGE_HEAD, Page } from "./parts/page.tsx";
import { Question } from "./parts/question.tsx";
import { Coloured } from "./parts/say.tsx";
import { Seats } from "./parts/seats.tsx";
import { Waits } from "./parts/waits.tsx";
import type { Picture } from "./picture.ts";
import { share } from "./room.ts";
import type { Size } from "./screen.ts";
import { type Item, selectedIn, type Ui } from "./ui.ts";

export interface Scene {
  readonly ui: Ui;
  readonly picture: Picture;
  /** Newest last. */
  readonly mail: readonly MailRow[];
  /** Newest last. */
  readonly news: readonly NewsLine[];
  /** The open page, or the question that is being answered; no line is wider than the screen. */
  readonly page: readonly string[];
}

/** From here on there is room for two things side by side. */
const WIDE = 110;
const FOOT_ROWS = 1;
const GAP = 2;

export const pageRows = ({ rows }: Size): number => Math.max(1, rows - FOOT_ROWS - PAGE_HEAD);

/** Exactly as many lines as the terminal has. */
export function frameOf(scene: Scene, size: Size, coloured: boolean): readonly string[] {
  const { columns, rows } = size;
  const drawn = renderToString(
    <Coloured.Provider value={coloured}>
      <Box flexDirection="column" width={columns} height={rows} overflow="hidden">
        <Box flexDirection="column" height={rows - FOOT_ROWS} overflow="hidden">
          <Body scene={scene} size={size} />
        </Box>
        <Foot ui={scene.ui} picture={scene.picture} width={columns} />
      </Box>
    </Coloured.Provider>,
    { columns },
  ).split("\n");
  return Array.from({ length: rows }, (_, at) => drawn[at] ?? "");
}

function Body({ scene, size }: { readonly scene: Scene; readonly size: Size }) {
  const { ui, page } = scene;
  const { mode } = ui;
  const rows = size.rows - FOOT_ROWS;
  if (mode.at === "help") return <Help width={size.columns} />;
  if (mode.at === "page") return <Page what={mode.what} lines={page} top={mode.top} width={size.columns} rows={rows} />;
  if (mode.at === "answer") return <Question lines={page} width={size.columns} rows={rows} />;
  return size.columns < WIDE ? <Stacked scene={scene} size={size} /> : <Beside scene={scene} size={size} />;
}

const headed = (rows: number): number => (rows === 0 ? 0 : rows + 1);

/** One section below the other. */
function Stacked({ scene: { ui, picture, mail, news }, size }: { readonly scene: Scene; readonly size: Size }) {
  const { columns: width } = size;
  const selected = selectedIn(ui, picture);
  const [gates = 0, seats = 0, board = 0, waits = 0, happened = 0, letters = 0] = share(size.rows - FOOT_ROWS - HEAD_ROWS, [
    { want: gateRows(picture), least: Math.min(5, gateRows(picture)) },
    { want: headed(picture.seats.length), least: 3 },
    { want: boardRows(picture.board, width), least: 3 },
    { want: headed(picture.waits.length), least: 2 },
    { want: headed(news.length), least: 2 },
    { want: headed(Math.min(mail.length, 4)), least: 2 },
  ]);
  return (
    <>
      <Head picture={picture} width={width} />
      {gates > 0 ? <Gates picture={picture} selected={selected} width={width} rows={gates} /> : null}
      {seats > 0 ? <Seats seats={picture.seats} selected={selected} width={width} rows={seats} /> : null}
      {board > 0 ? <Board board={picture.board} selected={selected} width={width} rows={board} /> : null}
      {waits > 0 ? <Waits waits={picture.waits} width={width} rows={waits} /> : null}
      {letters > 0 ? <Mail mail={mail} width={width} rows={letters} /> : null}
      {happened > 0 ? <News news={news} width={width} rows={happened} /> : null}
    </>
  );
}

/** The team beside what waits, the board over the whole width, letters beside the news. */
function Beside({ scene: { ui, picture, mail, news }, size }: { readonly scene: Scene; readonly size: Size }) {
  const { columns: width } = size;
  const selected: Item | null = selectedIn(ui, picture);
  const left = Math.ceil((width - GAP) * 0.55);
  const right = width - GAP - left;
  const [gates = 0, team = 0, board = 0, below = 0] = share(size.rows - FOOT_ROWS - HEAD_ROWS, [
    { want: gateRows(picture), least: Math.min(5, gateRows(picture)) },
    { want: headed(Math.max(picture.seats.length, picture.waits.length)), least: 4 },
    { want: boardRows(picture.board, width), least: 5 },
    { want: headed(Math.max(news.length, mail.length)), least: 3 },
  ]);
  return (
    <>
      <Head picture={picture} width={width} />
      {gates > 0 ? <Gates picture={picture} selected={selected} width={width} rows={gates} /> : null}
      {team > 0 ? (
        <Box columnGap={GAP} height={team} overflow="hidden">
          <Seats seats={picture.seats} selected={selected} width={left} rows={team} />
          <Waits waits={picture.waits} width={right} rows={team} />
        </Box>
      ) : null}
      {board > 0 ? <Board board={picture.board} selected={selected} width={width} rows={board} /> : null}
      {below > 0 ? (
        <Box columnGap={GAP} height={below} overflow="hidden">
          <News news={news} width={left} rows={below} />
          <Mail mail={mail} width={right} rows={below} />
        </Box>
      ) : null}
    </>
  );
}
