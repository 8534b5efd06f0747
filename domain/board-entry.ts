/** One row of the board as GitHub shows it, before anybody has decided whether it is work. */
export type BoardEntry = {
  readonly itemId: string;
  readonly isArchived: boolean;
  readonly status: string | null;
  readonly priority: string | null;
  readonly branch: string | null;
  readonly spec: string | null;
  readonly content: BoardContent;
};

export type BoardContent =
  | {
      readonly kind: 'issue';
      readonly issueId: string;
      readonly number: number;
      readonly title: string;
      readonly url: string;
      readonly isOpen: boolean;
      readonly createdAt: string;
      readonly repository: string;
      readonly repositoryId: string;
      /** The open issues that block it, in words: `#3`, `acme/lib#4`, or that one cannot be seen. */
      readonly blockedBy: readonly string[];
    }
  | { readonly kind: 'pull-request'; readonly title: string }
  | { readonly kind: 'draft'; readonly title: string }
  | { readonly kind: 'redacted' };

/** The board and the ids of what the worker reads and writes on it. */
export type Board = {
  readonly projectId: string;
  readonly statusFieldId: string;
  readonly statusOptionIds: Readonly<Record<string, string>>;
  /** Options of the priority field, in the order in which the board shows them. */
  readonly priorityOptions: readonly string[];
};
