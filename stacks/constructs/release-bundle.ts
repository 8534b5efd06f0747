import { S3Object } from '@cdktf/provider-aws/lib/s3-object';
import { Construct } from 'constructs';
import type { Bundle } from '../bundle-manifest';
import { environmentStackOf } from '../environment-stack';

/** From the stack's folder in cdktf.out, where Terraform runs, however it is started. */
const localFile = ({ file }: Bundle): string => `../../../build/bundles/${file}`;

type Options = { readonly bundle: Bundle; readonly key: string };

/** A bundle in the releases bucket. A plan is refused when the file is not the one that these stacks were synthesized for. */
export class ReleaseBundle extends Construct {
  /** `bucket/key`, as CodeBuild wants a source. */
  readonly location: string;
  /** References: whoever uses them is made after the upload. */
  readonly key: string;
  readonly versionId: string;

  constructor(scope: Construct, id: string, { bundle, key }: Options) {
    super(scope, id);
    const { names } = environmentStackOf(this);
    const object = new S3Object(this, 'object', {
      bucket: names.releasesBucket,
      key,
      source: localFile(bundle),
      sourceHash: bundle.sha256,
      checksumAlgorithm: 'SHA256',
      contentType: 'application/zip',
      lifecycle: {
        createBeforeDestroy: true,
        precondition: [
          {
            condition: `\${filesha256("${localFile(bundle)}") == "${bundle.sha256}"}`,
            errorMessage: `${bundle.file} is not the one that was synthesized: run npm run synth and plan again.`,
          },
        ],
      },
    });
    this.location = `${names.releasesBucket}/${key}`;
    this.key = object.key;
    this.versionId = object.versionId;
  }
}
