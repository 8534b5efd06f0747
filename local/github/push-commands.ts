import { FLUSH, pktLine, readPktLines } from './pkt-line';

type Command = { readonly text: string; readonly ref: string };

/** What a push asks for, as it stands at the head of the request. */
export type PushCommands = {
  readonly commands: readonly Command[];
  readonly shallow: readonly Buffer[];
  readonly capabilities: string;
};

export const parsePushCommands = (lines: readonly Buffer[]): PushCommands => {
  const commands: Command[] = [];
  const shallow: Buffer[] = [];
  let capabilities = '';
  for (const line of lines) {
    const [text = '', given] = line.toString('utf8').split('\0');
    if (given !== undefined) capabilities = given;
    if (text.startsWith('shallow ')) shallow.push(line);
    else commands.push({ text: text.trimEnd(), ref: text.trimEnd().split(' ')[2] ?? '' });
  }
  return { commands, shallow, capabilities };
};

/** The head of the request again, for the commands that go on to git. */
export const writePushCommands = ({ commands, shallow, capabilities }: PushCommands): Buffer => {
  const lines = commands.map(({ text }, index) => pktLine(index === 0 ? `${text}\0${capabilities}` : text));
  return Buffer.concat([...shallow.map(pktLine), ...lines, FLUSH]);
};

const BAND_LIMIT = 65_000;

const inBand = (band: 1 | 2, payload: Buffer): Buffer[] => {
  const packets: Buffer[] = [];
  for (let at = 0; at < payload.length; at += BAND_LIMIT) {
    packets.push(pktLine(Buffer.concat([Buffer.from([band]), payload.subarray(at, at + BAND_LIMIT)])));
  }
  return packets;
};

const splitBands = (answer: Buffer): { readonly report: Buffer; readonly progress: Buffer } => {
  const { lines } = readPktLines(answer);
  const ofBand = (band: number) =>
    Buffer.concat(lines.filter((line) => line[0] === band).map((line) => line.subarray(1)));
  return { report: ofBand(1), progress: ofBand(2) };
};

/**
 * git's answer to a push with refusals added: one line for each branch that never reached git, and what the server has to say about it.
 * `answer` is null when nothing was left for git to do.
 */
export const reportRefusals = (
  answer: Buffer | null,
  refusals: readonly { readonly ref: string; readonly reason: string; readonly words?: readonly string[] }[],
  capabilities: string,
): Buffer => {
  const isBanded = /\bside-band(-64k)?\b/.test(capabilities);
  const { report, progress } =
    answer && isBanded ? splitBands(answer) : { report: answer ?? Buffer.alloc(0), progress: Buffer.alloc(0) };
  const lines = answer ? readPktLines(report).lines : [Buffer.from('unpack ok\n')];
  const refused = refusals.map(({ ref, reason }) => Buffer.from(`ng ${ref} ${reason}\n`));
  const full = Buffer.concat([...[...lines, ...refused].map(pktLine), FLUSH]);
  const words = refusals.flatMap((refusal) => (refusal.words ?? []).map((line) => `${line}\n`)).join('');
  const said = Buffer.concat([progress, Buffer.from(words)]);
  return isBanded ? Buffer.concat([...inBand(2, said), ...inBand(1, full), FLUSH]) : full;
};
