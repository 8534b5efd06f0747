import { countOf } from '../../domain/count-of';
import type { LiveEvent } from '../../local/live-event';
import type { Report } from '../../local/report/report';
import type { LocalWorker } from '../../local/run';
import type { CliContext, CommandInput } from '../command';
import { renderItemTable } from './item-table';
import { renderLiveEvent } from './live-view';
import { createPaint } from './paint';

/** Tells people what happens. When JSON goes to standard output, it tells it on standard error. */
export type Narrator = {
  readonly note: (text: string) => void;
  readonly live: (event: LiveEvent) => void;
  /** Where and how it runs, before anything happens. */
  readonly begin: (worker: LocalWorker) => void;
  /** The table of all items. */
  readonly end: (report: Report) => void;
};

/** Whether this run, not one before it, has begun anything. */
const hasBegun = ({ items, startedAt }: Report): boolean =>
  items.some(({ steps }) => steps.some((step) => Date.parse(step.startedAt) >= Date.parse(startedAt)));

export const createNarrator = ({ json }: CommandInput, context: CliContext): Narrator => {
  const paint = createPaint(context.colors && json !== '-');
  const print = json === '-' ? context.printError : context.print;
  const live = (event: LiveEvent) => print(renderLiveEvent(event, paint));
  return {
    live,
    note: (text) => live({ kind: 'note', text }),
    begin: ({ cloud, settings, notIsolated }) => {
      print(`Repository ${settings.source}`);
      print(`Environment ${cloud.environment.name}, release ${cloud.release}, AWS stand-in at ${cloud.url}`);
      print(
        notIsolated === ''
          ? 'Builds run as a user of their own.'
          : `Builds run as your own user (${notIsolated}): agent and tests can do what you can.`,
      );
    },
    end: (report) => {
      print('');
      for (const line of renderItemTable(report, paint)) print(line);
      const seconds = (Date.parse(report.endedAt) - Date.parse(report.startedAt)) / 1000;
      print(`\n${countOf(report.items.length, 'item')}, ${countOf(report.ticks, 'tick')}, ${seconds.toFixed(1)} s.`);
      if (report.items.length > 0 && !hasBegun(report))
        print('No item could be started. The table shows how the board stands, and why.');
      if (report.interrupted) print('Interrupted. The next start goes on from here.');
    },
  };
};
