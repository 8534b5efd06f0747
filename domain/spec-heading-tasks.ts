import { labelsCriteria } from './spec-criteria-label';
import { chainOf, type Heading } from './spec-section';
import type { Strange } from './spec-strange-checkbox';
import type { TaskLine } from './spec-task-line';
import { likelyNumber, splitTitle, type TaskTitle, taskWords } from './spec-task-title';
import { withoutCommonIndent } from './without-common-indent';

const WITH_WORD = new RegExp(`^\\**${taskWords}[ \\t]+#?(?=[\\dA-Z０-９])`, 'u');
/** What is counted, but is no task: `## PHASE-1: Ground`. */
const LARGER = /^(?:PHASE|SPRINT|STEP|WEEK|DAY|MILESTONE|EPIC|PART|STAGE|WAVE|GROUP|LEVEL|V)[-_.]?\d/;
const hasCriteria = ({ below }: Heading): boolean => below.some(labelsCriteria);

/** `family` is empty where the word "task" stands in front, and `.` where nothing but a number does. */
type Candidate = { readonly heading: Heading; readonly family: string; readonly name: TaskTitle };

const candidateOf = (heading: Heading): readonly Candidate[] => {
  const plain = heading.text.replace(/^[^\p{L}\p{N}*~(（]+/u, '');
  const bare = plain.replace(WITH_WORD, '');
  const isSaid = bare !== plain;
  const likely = LARGER.test(bare) ? null : likelyNumber(bare);
  if (likely) return [{ heading, family: isSaid ? '' : likely.family, name: { ...likely, starred: false } }];
  const name = splitTitle(bare, undefined);
  if (name.number === null || !(isSaid || name.number.includes('.'))) return [];
  return [{ heading, family: isSaid ? '' : '.', name }];
};

/**
 * The headings that are tasks: `### Task 1.2: Title`, `### ENV-01: Title`, `### T1: Title` where there are several, and `### 1.2 Title` where the checkboxes of one
 * are its criteria.
 */
const taskHeadings = (headings: readonly Heading[]): ReadonlyMap<Heading, TaskTitle> => {
  const candidates = headings.flatMap(candidateOf);
  const families = new Map<string, number>();
  for (const { family } of candidates) families.set(family, (families.get(family) ?? 0) + 1);
  const areDotted = candidates.some(({ family, heading }) => family === '.' && hasCriteria(heading));
  const isTask = ({ family }: Candidate): boolean => {
    if (family === '.') return areDotted;
    return family === '' || /\D-$/.test(family) || (families.get(family) ?? 0) > 1;
  };
  return new Map(candidates.filter(isTask).map(({ heading, name }) => [heading, name]));
};

const asTask = (heading: Heading, { number, title, starred }: TaskTitle, boxes: readonly TaskLine[]): TaskLine => {
  const asked = boxes.some(({ optional }) => !optional) ? boxes.filter(({ optional }) => !optional) : boxes;
  return {
    number,
    likely: null,
    title,
    done: asked.every(({ done }) => done),
    optional: starred || boxes.every(({ optional }) => optional),
    indent: 0,
    line: heading.line,
    heading,
    marks: asked.flatMap(({ marks }) => marks),
    requirements: [],
    details: withoutCommonIndent(heading.below).replace(/(?<!\n)\n+(?:-{3,}|\*{3,}|_{3,})$/, ''),
  };
};

/** Said in the heading or in a line about its state. */
const DONE = /✅|☑|✔|\[x\][ \t]*$|\b(?:completed?|done|finished)\b|完了|已完成|완료/iu;

const withoutBox = ([{ text, line, below }, { number }]: readonly [Heading, TaskTitle]): Strange => ({
  title: text,
  line,
  why: 'it has no checkbox',
  number,
  done:
    DONE.test(text) ||
    below.slice(0, 6).some((each) => /status|状態|状态|상태|estado|durum/iu.test(each) && DONE.test(each)),
});

type Gathered = { readonly lines: readonly TaskLine[]; readonly strange: readonly Strange[] };

/**
 * Plans whose tasks are headings, with checkboxes below that say when each is done: there the heading is the task, and its checkboxes are ticked together. Where checkboxes have numbers
 * of their own, they are the tasks. A task without a checkbox could never be ticked.
 */
export const gatherHeadingTasks = (lines: readonly TaskLine[], headings: readonly Heading[]): Gathered => {
  const names = taskHeadings(headings);
  const owners = lines.map(({ heading }) => chainOf(heading).find((each) => names.has(each)) ?? null);
  const boxesOf = new Map<Heading, TaskLine[]>();
  for (const [index, line] of lines.entries()) {
    const owner = owners[index] ?? null;
    const boxes = (owner && boxesOf.get(owner)) ?? [];
    boxes.push(line);
    if (owner) boxesOf.set(owner, boxes);
  }
  const tasks = new Map<Heading, TaskLine>();
  for (const [heading, boxes] of boxesOf) {
    const name = names.get(heading);
    if (name && boxes.every(({ number }) => number === null)) tasks.set(heading, asTask(heading, name, boxes));
  }
  const taskOf = (owner: Heading | null | undefined) => (owner ? tasks.get(owner) : undefined);
  const gathered = lines.map((line, index) => taskOf(owners[index]) ?? line);
  const holding = new Set(lines.flatMap(({ heading }) => chainOf(heading)));
  const isPlan = lines.length === 0 || tasks.size > 0;
  const empty = isPlan ? [...names].filter(([heading]) => !holding.has(heading)) : [];
  return { lines: [...new Set(gathered)], strange: empty.map(withoutBox) };
};
