// The yardstick for the synthesis: the same stacks with the same resources, written out of cdktf.out as plainly as CDKTF allows.
// node bare-app.mjs STACKS_FOLDER OUT_FOLDER
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsProvider } from '@cdktf/provider-aws/lib/provider/index.js';
import { App, TerraformResource, TerraformStack } from 'cdktf';

const [stacksFolder, outdir] = process.argv.slice(2);
const app = new App({ outdir });
for (const name of readdirSync(stacksFolder)) {
  const { resource = {} } = JSON.parse(readFileSync(join(stacksFolder, name, 'cdk.tf.json'), 'utf8'));
  const stack = new TerraformStack(app, name);
  new AwsProvider(stack, 'aws', {});
  for (const [terraformResourceType, instances] of Object.entries(resource)) {
    // An application that is written for it loads the class of every resource that it uses.
    await import(
      `@cdktf/provider-aws/lib/${terraformResourceType.replace(/^aws_/, '').replaceAll('_', '-')}/index.js`
    ).catch(() => undefined);
    for (const [id, attributes] of Object.entries(instances)) {
      const one = new TerraformResource(stack, id, { terraformResourceType });
      for (const [attribute, value] of Object.entries(attributes))
        if (!attribute.startsWith('//')) one.addOverride(attribute, value);
    }
  }
}
app.synth();
