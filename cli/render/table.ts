import { withoutSequences } from '../../domain/terminal-sequences';

const widthOf = (text: string): number => withoutSequences(text).length;
const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - widthOf(text)));

const widthsOf = (rows: readonly (readonly string[])[]): readonly number[] =>
  (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => widthOf(row[column] ?? ''))));

/** Columns aligned by their widest cell, two spaces between; colours do not count as width. */
export const renderColumns = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = widthsOf(rows);
  return rows.map((row) =>
    widths
      .map((width, column) => pad(row[column] ?? '', width))
      .join('  ')
      .trimEnd(),
  );
};

/** Columns below headings. */
export const renderTable = (headings: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => {
  const all = [headings, ...rows];
  const [head = '', ...lines] = renderColumns(all);
  return [head, renderColumns([widthsOf(all).map((width) => '-'.repeat(width))])[0] ?? '', ...lines];
};
