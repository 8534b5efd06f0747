import * as z from 'zod';
import { repositorySettingsSchema } from '../domain/repository-settings';
import { boardFileSchema } from '../local/board/board-file';
import { REPORT_SCHEMA, reportSchema } from '../local/report/report';
import { BUDGET_SCHEMA, budgetReportSchema } from './budget-report';
import { DOCTOR_SCHEMA, doctorReportSchema } from './doctor/finding';
import { EXPLANATION_SCHEMA, explanationSchema } from './explain/explanation';

const published = (schema: z.ZodType, $id: string, title: string, io: 'input' | 'output') => {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io });
  return { $schema, $id, title, ...rest };
};

/** JSON schemas (draft 2020-12) of what people write for us and what their scripts read, by file name in docs/schemas/. */
export const publishedSchemas = () => ({
  'board-file.schema.json': published(
    boardFileSchema,
    'urn:kiro-codebuild-worker:board-file:1',
    'The board of kiro-worker run --board FILE.json',
    'input',
  ),
  'kiro-worker-yml.schema.json': published(
    repositorySettingsSchema,
    'urn:kiro-codebuild-worker:kiro-worker-yml:1',
    'kiro-worker.yml: how a repository is installed, tested and measured',
    'input',
  ),
  'doctor.schema.json': published(doctorReportSchema, DOCTOR_SCHEMA, 'What kiro-worker doctor --json prints', 'output'),
  'report.schema.json': published(reportSchema, REPORT_SCHEMA, 'The report of kiro-worker run --json FILE', 'output'),
  'explanation.schema.json': published(
    explanationSchema,
    EXPLANATION_SCHEMA,
    'What kiro-worker explain ITEM --json prints',
    'output',
  ),
  'budget.schema.json': published(
    budgetReportSchema,
    BUDGET_SCHEMA,
    'What kiro-worker budget show --json prints',
    'output',
  ),
});
