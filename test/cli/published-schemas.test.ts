import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { expect } from 'chai';
import { publishedSchemas } from '../../cli/published-schemas';
import { projectRoot } from '../../local/project-root';

const folder = join(projectRoot(), 'docs', 'schemas');
const read = (name: string): object => JSON.parse(readFileSync(join(folder, name), 'utf8')) as object;

describe('the published schemas', () => {
  it('are what the code checks by: run `npm run schemas:update` after a change', () => {
    const schemas = publishedSchemas();
    expect(readdirSync(folder).sort()).to.deep.equal(Object.keys(schemas).sort());
    for (const [name, schema] of Object.entries(schemas))
      expect(read(name), name).to.deep.equal(JSON.parse(JSON.stringify(schema)));
  });

  it('let a validator that is not ours judge a board file', () => {
    const validate = new Ajv2020({ allErrors: true, strict: false, validateFormats: false }).compile(
      read('board-file.schema.json'),
    );
    const sample = JSON.parse(readFileSync(join(projectRoot(), 'local', 'sample', 'board.json'), 'utf8'));
    expect(validate(sample), JSON.stringify(validate.errors)).to.equal(true);
    expect(validate({ version: 1, items: [{ title: 'a', brunch: 'x' }] })).to.equal(false);
    expect(JSON.stringify(validate.errors)).to.contain('brunch');
  });
});
