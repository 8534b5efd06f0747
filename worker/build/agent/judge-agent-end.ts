import { WorkerError } from '../../../domain/errors';
import { diskFullIn } from '../disk-full';
import type { ForeignEnd } from '../sandbox';

const LONGEST_TAIL = 1_000;

const said = ({ tail }: ForeignEnd): string => {
  const words = tail.trim().slice(-LONGEST_TAIL);
  return words ? ` Its last words: ${words}` : ' It printed nothing.';
};

const minutes = (seconds: number): string =>
  seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;

/** A shell reports a program that was ended by signal N as 128 + N. */
const howItDied = ({ exitCode, endSignal }: ForeignEnd): string => {
  if (exitCode === null) return `was ended by ${endSignal ?? 'a signal'}`;
  return exitCode > 128 && exitCode < 160 ? `was ended by signal ${exitCode - 128}` : `exited with ${exitCode}`;
};

/** Throws for every end of an agent but "I am done". */
export const judgeAgentEnd = (end: ForeignEnd, who: string): void => {
  if (end.ending === 'exited' && end.exitCode === 0) return;
  if (end.ending === 'timed-out')
    throw new WorkerError(
      'AgentTimedOut',
      `${who} was not done after ${minutes(end.seconds)} and was ended.${said(end)}`,
      'Make the task smaller, or raise agent.timeoutMinutes in kiro-worker.yml.',
    );
  if (end.ending === 'stalled')
    throw new WorkerError(
      'AgentStalled',
      `${who} printed nothing for a long time and was ended after ${minutes(end.seconds)}.${said(end)}`,
      'See in its log what it waited for, or raise agent.stallMinutes in kiro-worker.yml.',
    );
  if (end.ending === 'not-started' || end.exitCode === 127 || end.exitCode === 126)
    throw new WorkerError(
      'AgentNotFound',
      `${who} cannot be started: ${end.reason || `the command ${end.exitCode === 127 ? 'was not found' : 'may not be executed'}`}.${said(end)}`,
      'Check the command, and that the build user can reach and execute it.',
    );
  const full = diskFullIn(end.tail, who);
  if (full) throw full;
  throw new WorkerError('AgentDied', `${who} ${howItDied(end)}.${said(end)}`, 'Look at its log, then try again.');
};
