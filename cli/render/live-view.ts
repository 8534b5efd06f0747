import { plainLine, visibleText } from '../../domain/markdown';
import type { LiveEvent } from '../../local/live-event';
import type { Paint } from './paint';

const marks = { succeeded: '✓', failed: '✗', unfinished: '…' } as const;

/** The longest name of a state: `SendUnlockedToDeadLetterQueue`. */
const NAME_WIDTH = 29;

const renderSeconds = (seconds: number | null): string =>
  seconds === null ? '' : seconds < 10 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds)} s`;

/** One line per thing that happened, as a tree: items, and under each its steps with durations. Nothing from outside reaches the terminal but what people can see. */
export const renderLiveEvent = (event: LiveEvent, paint: Paint): string => {
  switch (event.kind) {
    case 'note':
      return paint.faint(visibleText(event.text));
    case 'item-started':
      return `\n${paint.strong(`#${event.number} ${plainLine(event.title)}`)} ${paint.faint(plainLine(event.branch))}`;
    case 'step-ended': {
      const { name, seconds, attempts, outcome } = event.step;
      const colour = outcome === 'succeeded' ? paint.good : outcome === 'failed' ? paint.bad : paint.warn;
      const retried = attempts > 1 ? `  ${attempts} attempts` : '';
      const detail = event.detail ? `  ${paint.faint(plainLine(event.detail))}` : '';
      return `  ${colour(marks[outcome])} ${name.padEnd(NAME_WIDTH)} ${renderSeconds(seconds).padStart(6)}${retried}${detail}`;
    }
    case 'item-ended': {
      const colour = event.outcome === 'green' ? paint.good : event.outcome === 'skipped' ? paint.warn : paint.bad;
      const summary = plainLine(event.summary);
      return `  └ ${colour(event.outcome)}${summary ? `: ${summary}` : ''}`;
    }
  }
};
