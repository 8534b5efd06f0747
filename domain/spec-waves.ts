import * as z from 'zod';

const idsSchema = z.array(z.union([z.string(), z.number()]));
const graphSchema = z.object({ waves: z.array(z.union([z.object({ tasks: idsSchema }), idsSchema])) });

/** `1.10` written as a number would be read as `1.1`. */
const asTexts = (json: string): string => json.replace(/([[,]\s{0,40})(\d{1,6}\.\d{1,6})(?=\s{0,40}[,\]])/g, '$1"$2"');

const asId = (id: string | number): string => String(id).trim().replace(/\.$/, '');

/** The waves of a "Task Dependency Graph" block; null when `json` is something else (most code blocks are). */
export const parseWaves = (json: string): readonly (readonly string[])[] | null => {
  if (!json.includes('"waves"')) return null;
  try {
    const { waves } = graphSchema.parse(JSON.parse(asTexts(json)));
    return waves.map((wave) => (Array.isArray(wave) ? wave : wave.tasks).map(asId));
  } catch {
    return null; // a graph that cannot be read decides nothing: the order of the file does
  }
};
