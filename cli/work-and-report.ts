import { hasCode } from '../domain/errors';
import type { Report } from '../local/report/report';
import type { CliContext } from './command';
import type { LocalSession } from './open-local';

/** Ticks until nothing is left to start, and tells how that went; an interruption is told, too. */
export const workAndReport = async (session: LocalSession, { signal }: Pick<CliContext, 'signal'>): Promise<Report> => {
  const startedAt = new Date();
  try {
    const ticks = await session.worker.work(signal);
    return session.report({ startedAt, ticks, interrupted: false });
  } catch (error) {
    if (!hasCode(error, 'Interrupted')) throw error;
    return session.report({ startedAt, ticks: 0, interrupted: true });
  }
};
