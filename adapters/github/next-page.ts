import { unavailable } from './translate-github-error';

export type PageInfo = { readonly hasNextPage: boolean; readonly endCursor: string | null };

/** Twice what GitHub lets a board hold (docs: "Adding items to your project", 50,000), in pages of 100. */
const MOST_PAGES = 1_000;

/** Leads from page to page of one listing. A server that leads in a circle, or on without end, is refused: asking on would never end. */
export const createPager = (what: string) => {
  const seen = new Set<string>();
  /** The cursor after which to ask on; null at the end. @throws WorkerError GitHubUnavailable */
  return ({ hasNextPage, endCursor }: PageInfo): string | null => {
    if (!hasNextPage) return null;
    if (!endCursor || seen.has(endCursor) || seen.size >= MOST_PAGES)
      throw unavailable(`it sent a page of ${what} that leads nowhere`);
    seen.add(endCursor);
    return endCursor;
  };
};
