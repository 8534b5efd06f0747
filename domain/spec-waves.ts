import * as z from 'zod';

const graphSchema = z.object({ waves: z.array(z.object({ tasks: z.array(z.string()) })) });

/** The waves of a "Task Dependency Graph" block; null when `json` is something else (most code blocks are). */
export const parseWaves = (json: string): readonly (readonly string[])[] | null => {
  if (!json.includes('"waves"')) return null;
  try {
    return graphSchema.parse(JSON.parse(json)).waves.map(({ tasks }) => tasks);
  } catch {
    return null; // a graph that cannot be read decides nothing: the order of the file does
  }
};
