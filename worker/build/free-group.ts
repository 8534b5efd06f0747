import { randomInt } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { WorkerError } from '../../domain/errors';
import { findMarked } from './leftovers';

/** systemd's range for ids that are given out while the machine runs (systemd.exec(5), DynamicUser=): no package creates a group in it. */
const FIRST_GROUP = 61_184;
const LAST_GROUP = 65_519;
const MOST_TRIES = 1_000;

export type Group = { readonly gid: number; readonly release: () => void };

const namedGroups = (): ReadonlySet<number> => {
  const lines = existsSync('/etc/group') ? readFileSync('/etc/group', 'utf8').split('\n') : [];
  return new Set(lines.map((line) => Number(line.split(':')[2])));
};

/**
 * Takes the group's name among the abstract sockets of this machine (unix(7)): one process can have it, and the kernel takes it back when that one ends, however it does.
 * Null when another build has it.
 */
const reserve = (gid: number): Promise<Server | null> =>
  new Promise((resolve) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', () => resolve(null));
    server.listen(`\0kiro-worker-group-${gid}`, () => resolve(server.unref()));
  });

/**
 * A group that nobody else uses, until it is released: Grid Engine tells jobs apart in the same way. Two builds of one group would end each other's
 * processes, so it is not enough that no process is in it yet.
 * @throws ValidationError when none is free
 */
export const takeFreeGroup = async (): Promise<Group> => {
  const named = namedGroups();
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const gid = randomInt(FIRST_GROUP, LAST_GROUP + 1);
    if (named.has(gid)) continue;
    const server = await reserve(gid);
    if (server === null) continue;
    if (findMarked({ kind: 'group', gid }).length === 0) return { gid, release: () => void server.close() };
    server.close();
  }
  throw new WorkerError(
    'ValidationError',
    `BUILD_USER: no group between ${FIRST_GROUP} and ${LAST_GROUP} is free.`,
    'End the builds that hang on this machine.',
  );
};
