import * as z from 'zod';
import { checkRunArn } from '../arns';
import { apiError } from '../failures';

export type Operation = (input: unknown) => object;

export const text = z.string();
export const optionalText = text.optional();
export const paging = { maxResults: z.int().min(0).max(1000).optional(), nextToken: optionalText };
export const executionArn = text.transform((arn) => checkRunArn(arn, 'execution'));
export const mapRunArn = text.transform((arn) => checkRunArn(arn, 'mapRun'));

/** Parses the input; what is missing or of the wrong type is a ValidationException. */
export const operation =
  <S extends z.ZodType>(schema: S, answer: (input: z.infer<S>) => object): Operation =>
  (input) => {
    const parsed = schema.safeParse(input ?? {});
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw apiError(
        'ValidationException',
        `1 validation error detected at '${issue?.path.join('.')}': ${issue?.message}`,
      );
    }
    return answer(parsed.data);
  };
