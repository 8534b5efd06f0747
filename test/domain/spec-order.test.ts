import { expect } from 'chai';
import fc from 'fast-check';
import { orderSpecTasks, tickSpecTask } from '../../domain/spec-order';
import { parseSpecTasks } from '../../domain/spec-tasks';

const order = (text: string) => orderSpecTasks(parseSpecTasks(text)).map(({ id }) => id);
const tick = (text: string, id: string) => tickSpecTask(text, parseSpecTasks(text), id);

const graph = (json: string) => `\n## Task Dependency Graph\n\n\`\`\`json\n${json}\n\`\`\`\n`;

describe('orderSpecTasks', () => {
  it('leaves out headings of other tasks, and keeps the order of the file', () => {
    expect(order('- [ ] 1. A\n  - [ ] 1.1 B\n  - [x] 1.2 C\n- [ ] 2. D\n- [ ] 3. E\n  - [ ]* 3.1 F')).to.deep.equal([
      '1.1',
      '1.2',
      '2',
      '3',
      '3.1',
    ]);
  });

  it('goes by the waves; what they do not name comes last', () => {
    const text = `- [ ] 1. A\n  - [ ] 1.1 B\n  - [ ] 1.2 C\n- [ ] 2. D\n- [ ] 3. E\n${graph(
      '{"waves":[{"id":0,"tasks":["3"]},{"id":1,"tasks":["1","99"]}]}',
    )}`;
    expect(order(text)).to.deep.equal(['3', '1.1', '1.2', '2']);
  });

  it('keeps to the file when the graph cannot be read', () => {
    for (const json of ['{"waves":', '{"waves":[{"tasks":[1]}]}', '{"waves":{}}', '"waves"'])
      expect(order(`- [ ] 2. A\n- [ ] 1. B\n${graph(json)}`)).to.deep.equal(['2', '1']);
  });
});

describe('tickSpecTask', () => {
  it('ticks the task, and its parent with the last required sub-task', () => {
    const text = '- [ ] 1. A\r\n\t- [-] 1.1 B\r\n\t- [ ] 1.2 C\r\n\t- [ ]* 1.3 D\r\n- [ ] 2. E\r\n';
    const first = tick(text, '1.1');
    expect(first).to.equal('- [ ] 1. A\r\n\t- [x] 1.1 B\r\n\t- [ ] 1.2 C\r\n\t- [ ]* 1.3 D\r\n- [ ] 2. E\r\n');
    expect(tick(first, '1.2')).to.equal(
      '- [x] 1. A\r\n\t- [x] 1.1 B\r\n\t- [x] 1.2 C\r\n\t- [ ]* 1.3 D\r\n- [ ] 2. E\r\n',
    );
  });

  it('ticks through more than two levels', () => {
    expect(tick('- [ ] 1. A\n  - [ ] 1.1 B\n    - [ ] 1.1.1 C', '1.1.1')).to.equal(
      '- [x] 1. A\n  - [x] 1.1 B\n    - [x] 1.1.1 C',
    );
  });

  it('leaves a task alone that is ticked already or that is not there', () => {
    expect(tick('- [X] 1. A', '1')).to.equal('- [X] 1. A');
    expect(tick('- [ ] 1. A', '7')).to.equal('- [ ] 1. A');
  });

  it('fills an empty or multi-byte mark', () => {
    expect(tick('- [] 1. A\n- [🚧] 2. B', '1')).to.equal('- [x] 1. A\n- [🚧] 2. B');
    expect(tick('- [] 1. A\n- [🚧] 2. B', '2')).to.equal('- [] 1. A\n- [x] 2. B');
  });

  it('changes nothing but marks, whatever the file looks like', () => {
    const end = fc.constantFrom('\n', '\r\n', '\r');
    const line = fc.oneof(
      {
        weight: 4,
        arbitrary: fc
          .tuple(
            fc.constantFrom('', '  ', '\t', '    '),
            fc.constantFrom(' ', 'x', '-', '~', ''),
            fc.constantFrom('', '*'),
          )
          .map(([indent, mark, star]) => `${indent}- [${mark}]${star} NUMBER Title [ ] (x)`),
      },
      { weight: 1, arbitrary: fc.constantFrom('', '# Heading', '    - detail [ ]', '- [x](link)', '\ttext') },
      { weight: 1, arbitrary: fc.string({ maxLength: 30 }).filter((text) => !/[\r\n`~]|<!--/.test(text)) },
    );
    const file = fc.tuple(
      fc.constantFrom('', '\uFEFF'),
      fc.array(fc.tuple(line, end), { minLength: 1, maxLength: 30 }),
    );
    fc.assert(
      fc.property(file, fc.nat(), ([mark, lines], pick) => {
        let parent = 0;
        let child = 0;
        const numbered = lines.map(([text, lineEnd]) => {
          if (!text.includes('NUMBER')) return text + lineEnd;
          const isChild = parent > 0 && /^\s/.test(text);
          if (isChild) child += 1;
          else [parent, child] = [parent + 1, 0];
          return text.replace('NUMBER', isChild ? `${parent}.${child}` : `${parent}.`) + lineEnd;
        });
        const text = `${mark}${numbered.join('')}- [ ] 999. Last`;
        const before = parseSpecTasks(text);
        const chosen = before.tasks[pick % before.tasks.length];
        if (!chosen) throw new Error('no task');
        const ticked = tickSpecTask(text, before, chosen.id);
        const after = parseSpecTasks(ticked);

        const withoutMarks = (source: string, { tasks }: typeof before) =>
          [...tasks].reverse().reduce((rest, { mark }) => rest.slice(0, mark.start) + rest.slice(mark.end), source);
        expect(withoutMarks(ticked, after)).to.equal(withoutMarks(text, before));
        expect(after.tasks.find(({ id }) => id === chosen.id)?.done).to.equal(true);
        for (const [index, task] of before.tasks.entries()) {
          const isAbove = chosen.id.startsWith(`${task.id}.`);
          if (task.id !== chosen.id && !isAbove) expect(after.tasks[index]?.done).to.equal(task.done);
        }
        expect(tickSpecTask(ticked, after, chosen.id)).to.equal(ticked);
      }),
    );
  });
});
