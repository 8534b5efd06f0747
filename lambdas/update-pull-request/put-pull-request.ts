import { hasCode, WorkerError } from '../../domain/errors';

type PullRequest = { readonly id: string; readonly number: number; readonly url: string; readonly isDraft: boolean };
type Place = { readonly repositoryId: string; readonly head: string; readonly base: string };
type PullRequestText = { readonly title: string; readonly body: string };

export type PullRequestPorts = {
  readonly find: (place: Place) => Promise<PullRequest | null>;
  readonly create: (place: Place, text: PullRequestText, draft: boolean) => Promise<PullRequest>;
  readonly update: (pull: PullRequest, text: PullRequestText) => Promise<PullRequest>;
  readonly setDraft: (pull: PullRequest, draft: boolean) => Promise<PullRequest>;
};

type Write = <T>(write: () => Promise<T>) => Promise<T>;
type Put = {
  /** Null when the branch has no commits of its own. */
  readonly pull: PullRequest | null;
  readonly action: 'created' | 'updated' | 'commented';
};

/** GitHub has no codes for these; they are its words. */
const says = (error: unknown, words: RegExp): boolean =>
  hasCode(error, 'GitHubRefused') && words.test((error as Error).message);
const refusesDrafts = (error: unknown) => says(error, /draft/i);
const hasNoCommits = (error: unknown) => says(error, /no commits between/i);
const existsAlready = (error: unknown) => says(error, /already exists/i);

/** Opens the one pull request of this place, or brings it up to date. */
export const putPullRequest = async (
  place: Place,
  { draft, ...text }: PullRequestText & { readonly draft: boolean },
  write: Write,
  pulls: PullRequestPorts,
): Promise<Put> => {
  const update = async (pull: PullRequest): Promise<Put> => {
    const updated = await write(() => pulls.update(pull, text));
    return { pull: await withDraft(updated, draft, write, pulls), action: 'updated' };
  };
  const existing = await pulls.find(place);
  if (existing) return update(existing);
  try {
    return { pull: await create(place, text, draft, write, pulls), action: 'created' };
  } catch (error) {
    if (hasNoCommits(error)) return { pull: null, action: 'commented' };
    if (!existsAlready(error)) throw error;
    const rival = await pulls.find(place); // an earlier try whose answer was lost
    if (rival) return update(rival);
    throw new WorkerError(
      'GitHubRefused',
      `Somebody else has opened a pull request from "${place.head}" into "${place.base}".`,
      'Go on there, or close it and redrive the dead letter.',
      { cause: error },
    );
  }
};

const withDraft = async (
  pull: PullRequest,
  draft: boolean,
  write: Write,
  pulls: PullRequestPorts,
): Promise<PullRequest> => {
  if (pull.isDraft === draft) return pull;
  return write(() => pulls.setDraft(pull, draft)).catch((error: unknown) => {
    if (draft && refusesDrafts(error)) return pull;
    throw error;
  });
};

/** A repository that refuses drafts gets a normal pull request: its text begins with why it is not ready. */
const create = async (
  place: Place,
  text: PullRequestText,
  draft: boolean,
  write: Write,
  pulls: PullRequestPorts,
): Promise<PullRequest> => {
  try {
    return await write(() => pulls.create(place, text, draft));
  } catch (error) {
    if (!draft || !refusesDrafts(error)) throw error;
    return write(() => pulls.create(place, text, false));
  }
};
