import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { unzipSync } from 'fflate';
import { errorCatalogue } from '../../../domain/errors';
import { projectRoot } from '../../../local/project-root';
import { agentFaults, agentFaultsOf, endsOfAgentFaults } from '../../../local/sample/agent-faults';
import { replayFiles, zipReplay } from '../../../local/sample/replay-agent';

const source = (name: string): string =>
  readFileSync(join(projectRoot(), 'local', 'sample', 'kiro-replay', name), 'utf8');

/** Names of the members of an exported object, by its form in the file. */
const membersOf = (text: string): readonly string[] =>
  [...text.matchAll(/^ {2}(?:'([\w.-]+)'|([a-z]+)): ?(?:\(|\{|askForLogin)/gm)].flatMap(
    ([, quoted, plain]) => quoted ?? plain ?? [],
  );

describe('the board of agent faults', () => {
  it('has an item for every way in which an agent can fail, but for those where there is none', () => {
    const codes = Object.keys(errorCatalogue).filter((code) => code.startsWith('Agent'));
    const shown = new Set(agentFaults.map(({ reason }) => reason));
    expect(codes.filter((code) => !shown.has(code))).to.deep.equal(['AgentNotFound', 'AgentKeyMissing']);
  });

  it('plays every fault and every version that the replay knows', () => {
    const faults = membersOf(source('faults.mjs').slice(source('faults.mjs').indexOf('export const faults')));
    expect(faults).to.include.members(['none', 'login', 'no-output']);
    expect([...new Set(agentFaults.map(({ fault }) => fault))].sort()).to.deep.equal([...faults].sort());
    const versions = membersOf(source('versions.mjs').slice(source('versions.mjs').indexOf('export const versions')));
    expect(versions).to.include('2.4.2');
    expect([...new Set(agentFaults.map(({ version }) => version))].sort()).to.deep.equal([...versions].sort());
  });

  it('has one spec per item, and says how each ends', () => {
    for (const engine of ['v2', 'v3'] as const) {
      const specs = agentFaultsOf(engine).map(({ spec }) => spec);
      expect(new Set(specs).size).to.equal(specs.length);
      expect(endsOfAgentFaults(engine).map(({ number }) => number)).to.deep.equal(specs.map((_, at) => at + 1));
    }
  });

  it('is replayed by a zip that is the same whenever it is made, and is laid out like the vendor’s', () => {
    const scenarios = { default: { version: '2.21.2', fault: 'none' } };
    const zip = zipReplay(scenarios, null);
    expect(Buffer.from(zip).equals(Buffer.from(zipReplay(scenarios, null)))).to.equal(true);
    const names = Object.keys(unzipSync(zip));
    expect(names).to.include.members([
      'kirocli/bin/kiro-cli',
      'kirocli/replay/replay.json',
      'kirocli/replay/faults.mjs',
    ]);
    const work = join(projectRoot(), 'local', 'sample', 'work');
    expect(Object.keys(replayFiles(scenarios, work))).to.include('kirocli/replay/work/discount/1/src/discount.js');
  });
});
