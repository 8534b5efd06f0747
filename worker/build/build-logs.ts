import { join } from 'node:path';
import type { AgentReport } from '../../domain/agent-report';
import type { BuildResult } from '../../domain/build-result';
import type { Redactor } from '../../domain/redaction';
import { createLogFile, type LogFile } from './log-file';

export type LogReference = BuildResult['logs'][number];

/** Lines of one program that the build's own log shows; the rest is in the program's log file only. */
const SHOWN_LINES = 300;

export type BuildLogs = {
  /** `title` stands in front of each line, so that no line of a program is a line of ours: CloudWatch takes metrics out of lines that are JSON. */
  readonly open: (name: string, title: string) => LogFile;
  /** Stores all files. Repeating it is harmless. */
  readonly store: () => Promise<LogReference[]>;
};

type Deps = {
  readonly log: (line: string) => void;
  readonly redact: Redactor;
  readonly store: { readonly upload: (key: string, fromPath: string, contentType?: string) => Promise<unknown> };
  /** A folder that only the supervisor can read. */
  readonly folder: string;
  readonly keyOf: (name: string) => string;
};

export const createBuildLogs = ({ log, redact, store, folder, keyOf }: Deps): BuildLogs => {
  const names: string[] = [];
  const show = (name: string, title: string) => {
    let shown = 0;
    return (lines: readonly string[]): void => {
      if (shown > SHOWN_LINES) return;
      for (const line of lines.slice(0, SHOWN_LINES - shown)) log(`${title} | ${line}`);
      shown += lines.length;
      if (shown > SHOWN_LINES) log(`${title} … the rest is in ${name}`);
    };
  };
  return {
    open: (name, title) => {
      if (!names.includes(name)) names.push(name);
      return createLogFile(join(folder, name), { redact, onLines: show(name, title) });
    },
    store: async () => {
      const references: LogReference[] = [];
      for (const name of names) {
        await store.upload(keyOf(name), join(folder, name), 'text/plain; charset=utf-8');
        references.push({ name, key: keyOf(name) });
      }
      return references;
    },
  };
};

/** Hands the places of the logs, and what the agent has done, to whoever reports `error`. */
export const withEvidence = (
  error: unknown,
  evidence: { readonly logs: readonly LogReference[]; readonly agent: AgentReport },
): unknown => (error instanceof Error ? Object.assign(error, evidence) : error);

/** The logs of the build that ended with `error`; none when it ended before there were any. */
export const logsOf = (error: unknown): readonly LogReference[] =>
  error instanceof Error && 'logs' in error && Array.isArray(error.logs) ? (error.logs as LogReference[]) : [];
