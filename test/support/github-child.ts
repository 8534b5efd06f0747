// GitHub's stand-in as a process of its own, driven over IPC: `{ start }`, `{ fault }`, `{ ask }`; each is answered once.
import type { Fault } from '../../local/github/faults';
import type { RecordKind } from '../../local/github/records';
import type { GitHubSeed } from '../../local/github/seed';
import { type GitHubOptions, type GitHubStandIn, startGitHub } from '../../local/github/stand-in';

export type ChildStart = {
  readonly options: Omit<GitHubOptions, 'clock' | 'schema' | 'delay'>;
  readonly seed: GitHubSeed;
};
export type ChildRequest =
  | ({ readonly kind: 'start' } & ChildStart)
  | { readonly kind: 'fault'; readonly fault: Fault }
  | { readonly kind: 'records'; readonly of: RecordKind }
  | { readonly kind: 'requests' };

const world: { github?: GitHubStandIn } = {};

const answer = async (request: ChildRequest): Promise<unknown> => {
  if (request.kind === 'start') {
    world.github = await startGitHub(request.options);
    await world.github.seed(request.seed);
    return world.github.apiUrl;
  }
  const { github } = world;
  if (!github) throw new Error('not started');
  if (request.kind === 'fault') return github.faults.add(request.fault);
  return request.kind === 'requests' ? github.requests : github.model.all(request.of);
};

process.on('message', (request: ChildRequest) => {
  answer(request).then(
    (value) => process.send?.({ value }),
    (error: unknown) => process.send?.({ error: String(error) }),
  );
});
process.on('disconnect', () => process.exit(0));
