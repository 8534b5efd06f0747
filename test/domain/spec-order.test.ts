import { expect } from 'chai';
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

  it('goes by the waves, in every form in which they are written', () => {
    const plan = '- [ ] 1. A\n  - [ ] 1.1 B\n  - [ ] 1.2 C\n- [ ] 2. D\n- [ ] 3. E\n';
    for (const json of [
      '{"waves":[{"id":0,"tasks":["3"]},{"id":1,"tasks":["1","99"]},{"tasks":["2"]}]}',
      '{"waves":[{"wave":1,"tasks":[3]},{"wave":2,"tasks":[1.1, 1.2],"description":"x"},{"tasks":["2."]}],"edges":[[1,2]]}',
      '{"waves":[["3"],["1"],["2"]]}',
    ])
      expect(order(plan + graph(json)), json).to.deep.equal(['3', '1.1', '1.2', '2']);
    const many = Array.from({ length: 10 }, (_, at) => `- [ ] 1.${at + 1} T`).join('\n');
    expect(order(many + graph('{"waves":[{"tasks":[1.10]},{"tasks":[1.1]}]}')).slice(0, 2)).to.deep.equal([
      '1.10',
      '1.1',
    ]);
  });

  it('puts what the waves do not name behind all that stands before it', () => {
    const plan =
      '- [ ] 1. Set up\n- [ ] 2. A\n  - [ ] 2.1 B\n  - [ ] 2.2 C\n- [ ] 3. Checkpoint\n- [ ] 4. D\n- [ ] 5. Final checkpoint\n';
    expect(order(plan + graph('{"waves":[{"tasks":["2.2","4"]},{"tasks":["2.1"]}]}'))).to.deep.equal([
      '1',
      '2.2',
      '4',
      '2.1',
      '3',
      '5',
    ]);
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
});
