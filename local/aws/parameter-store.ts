import * as z from 'zod';
import type { Home } from '../asl/arns';
import { AwsError } from './aws-error';
import { serviceOf } from './operations';
import type { JsonService } from './service';
import type { StoredValues } from './stored-values';

const one = z.object({ Name: z.string() });
const several = z.object({ Names: z.array(z.string()).min(1).max(10) });
const below = z.object({ Path: z.string().startsWith('/'), Recursive: z.boolean().default(false) });
const writing = z.object({ Name: z.string(), Value: z.string().min(1), Overwrite: z.boolean().default(false) });

/** `/a/b` is directly below `/a`; `/a/b/c` only recursively. */
const isBelow = (name: string, path: string, isRecursive: boolean): boolean => {
  const prefix = `${path.replace(/\/$/, '')}/`;
  return name.startsWith(prefix) && (isRecursive || !name.slice(prefix.length).includes('/'));
};

/** Parameter Store. Every parameter is shown as a String, all of a path on one page. */
export const createParameterStore = (values: StoredValues, { region, accountId }: Home): JsonService => {
  const show = (name: string) => {
    const stored = values.get(name);
    if (!stored) return undefined;
    return {
      Name: name,
      Type: 'String',
      Value: stored.value,
      Version: stored.version,
      LastModifiedDate: new Date(stored.changedAt),
      ARN: `arn:aws:ssm:${region}:${accountId}:parameter${name}`,
      DataType: 'text',
    };
  };
  return serviceOf(
    'ssm',
    { targetPrefix: 'AmazonSSM', contentType: 'application/x-amz-json-1.1' },
    {
      GetParameter: (input) => {
        const { Name } = one.parse(input);
        const Parameter = show(Name);
        if (!Parameter) throw new AwsError('ParameterNotFound', `The parameter ${Name} does not exist.`);
        return { Parameter };
      },
      GetParameters: (input) => {
        const { Names } = several.parse(input);
        const found = Names.map(show);
        return {
          Parameters: found.filter((parameter) => parameter !== undefined),
          InvalidParameters: Names.filter((_, index) => !found[index]),
        };
      },
      GetParametersByPath: (input) => {
        const { Path, Recursive } = below.parse(input);
        return {
          Parameters: values
            .names()
            .filter((name) => isBelow(name, Path, Recursive))
            .map(show),
        };
      },
      PutParameter: (input) => {
        const { Name, Value, Overwrite } = writing.parse(input);
        if (!Overwrite && values.get(Name))
          throw new AwsError(
            'ParameterAlreadyExists',
            'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
          );
        return { Version: values.put(Name, Value), Tier: 'Standard' };
      },
    },
  );
};
