import { SsmParameter } from '@cdktf/provider-aws/lib/ssm-parameter';
import { Construct } from 'constructs';
import { type BoardSettings, boardSettingsSchema } from '../../domain/board-settings';
import { environmentStackOf } from '../environment-stack';

/** Valid, so that whoever edits it sees the form; it names a board that does not exist. */
const example: BoardSettings = boardSettingsSchema.parse({
  owner: 'my-organization',
  ownerKind: 'organization',
  number: 1,
  repositories: ['my-organization/my-repository'],
});

/** Which board is watched. People own the value once it is there: Terraform never sets it back. */
export class BoardSettingsParameter extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.name = environmentStackOf(this).names.boardSettingsParameter;
    new SsmParameter(this, 'parameter', {
      name: this.name,
      description: 'Board, repositories, and the names of fields and options (docs/guides/deploying.md)',
      type: 'String', // nothing secret is in it
      value: JSON.stringify(example),
      lifecycle: { ignoreChanges: ['value'] },
    });
  }
}
