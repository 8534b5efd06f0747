import { plainLine } from '../../domain/markdown';
import type { Finding } from '../doctor/finding';
import type { Paint } from './paint';

const marks = { good: '✓', warning: '!', problem: '✗' } as const;

const titles = {
  machine: 'This machine',
  token: 'The token',
  board: 'The board',
  repository: 'The repository',
} as const satisfies Record<Finding['area'], string>;

/** One line per finding under the heading of its subject; what is not good is followed by what to do. Names from outside reach the terminal as visible text only. */
export const renderFindings = (findings: readonly Finding[], paint: Paint): readonly string[] => {
  const lines: string[] = [];
  let heading = '';
  for (const { area, subject, status, message, remedy } of findings) {
    const title = plainLine([titles[area], subject].filter(Boolean).join(' '));
    if (title !== heading) lines.push(...(heading === '' ? [] : ['']), paint.strong(title));
    heading = title;
    const colour = status === 'good' ? paint.good : status === 'warning' ? paint.warn : paint.bad;
    lines.push(`  ${colour(marks[status])} ${plainLine(message)}`);
    if (remedy !== '') lines.push(`      ${paint.faint(plainLine(remedy))}`);
  }
  return lines;
};
