import { withoutSequences } from '../../../domain/terminal-sequences';

/** `▸ Credits: 0.01 • Time: 1s`: what a run that took place ends with, and in plain text the only proof of it. */
const TRAILER = /^▸ Credits: <?(\d[\d,]*(?:\.\d+)?) • Time: \S/;

/** What the line says that the run has cost; null when it is another line. */
export const creditsIn = (raw: string): number | null => {
  const [, number] = TRAILER.exec(withoutSequences(raw.slice(0, 1_000)).trim()) ?? [];
  return number === undefined ? null : Number(number.replaceAll(',', ''));
};
