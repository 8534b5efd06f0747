import type { Step } from './report/steps-of';

/** What happens while the worker runs, as it happens; `cli/render/live-view.ts` shows it. */
export type LiveEvent =
  | { readonly kind: 'note'; readonly text: string }
  | { readonly kind: 'item-started'; readonly number: number; readonly title: string; readonly branch: string }
  | { readonly kind: 'step-ended'; readonly step: Step; readonly detail: string }
  | { readonly kind: 'item-ended'; readonly number: number; readonly outcome: string; readonly summary: string };

export type OnLiveEvent = (event: LiveEvent) => void;
