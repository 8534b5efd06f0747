import type { MapState } from './definition';
import { wrongType } from './evaluate';
import { runtimeFailure } from './failures';
import { scopeOf, type Visit } from './visit';

/** One item: what the iteration receives and what the context object says of it. */
export type MapItem = { readonly value: unknown; readonly context: Readonly<Record<string, unknown>> };

/** The items of a Map: an array, or an object taken as its entries. */
export const readItems = async (visit: Visit<MapState>): Promise<readonly MapItem[]> => {
  const { Items } = visit.state;
  const source = Items ?? visit.input;
  const items =
    Items === undefined ? visit.input : await visit.strand.frame.evaluator.template(Items, 'Items', scopeOf(visit));
  if (Array.isArray(items))
    return items.map((value, index) => ({ value, context: { Item: { Index: index, Value: value } } }));
  if (typeof items !== 'object' || items === null) throw wrongType(source, 'array', items, 'Items');
  return Object.entries(items).map(([key, value], index) => ({
    value: { Key: key, Value: value },
    context: { Item: { Index: index, Key: key, Value: value } },
  }));
};

/** A limit of the Map: a number, possibly evaluated; nothing when the definition does not set it. */
export const readLimit = async (
  visit: Visit<MapState>,
  field: 'MaxConcurrency' | 'ToleratedFailureCount' | 'ToleratedFailurePercentage',
): Promise<number | undefined> => {
  const template = visit.state[field];
  if (template === undefined) return undefined;
  const value = await visit.strand.frame.evaluator.typed(template, 'number', field, scopeOf(visit));
  if (value < 0) throw runtimeFailure(`${field} cannot be negative.`);
  if (field === 'ToleratedFailurePercentage' && value > 100)
    throw runtimeFailure(`${field} cannot be greater than 100.`);
  return value;
};

/** What an iteration receives: the item, or what ItemSelector makes of it. */
export const selectInput = async (visit: Visit<MapState>, item: MapItem): Promise<unknown> => {
  const { ItemSelector } = visit.state;
  if (ItemSelector === undefined) return item.value;
  const scope = scopeOf(visit);
  const context = { ...(scope.states.context as object), Map: item.context };
  return visit.strand.frame.evaluator.template(ItemSelector, 'ItemSelector', {
    ...scope,
    states: { ...scope.states, context },
  });
};
