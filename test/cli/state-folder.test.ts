import { expect } from 'chai';
import { samePlace } from '../../cli/state-folder';

describe('samePlace', () => {
  const place = (options: Readonly<Record<string, string>>) => samePlace({ positionals: [], json: undefined, options });

  it('is nothing for the usual folder', () => {
    expect(place({})).to.equal('');
  });

  it('repeats what was typed, so that a proposed command can be copied into a shell', () => {
    expect(place({ state: 'st/a' })).to.equal(' --state st/a');
    expect(place({ state: "it's here" })).to.equal(" --state 'it'\\''s here'");
    expect(place({ env: 'test' })).to.equal(' --env test');
  });
});
