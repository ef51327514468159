import type { Emitter, Liquid } from 'liquidjs';
import { othersTurn } from '../../core/others-turn.ts';
import { GuardedContext } from './guarded-context.ts';
import { textOf } from './liquid-engine.ts';
import { withOldPlaceholders } from './old-placeholders.ts';

/** Milliseconds of the processor that one text may take. */
const longestWork = 1_000;
/** After so many of them the others have their turn. */
const slice = 5;
const longestText = 262_144;
/** It is parsed in one go. */
const longestTemplate = 262_144;
/** Liquid's parser takes more than linear time in them. */
const mostTags = 5_000;

/**
 * Renders a template of anybody's, with `{campo}` placeholders beside Liquid's, in bounded time, memory and length. Liquid renders in generators: they are driven
 * here in slices, so that no template, however slow, keeps the process from the work of others. Throws what Liquid
 * throws, and a Spanish sentence when a limit is passed.
 */
export async function renderLiquid(
  engine: Liquid,
  source: string,
  scope: object,
  columns: ReadonlySet<string>,
): Promise<string> {
  const text = limitedText();
  const templates = parseLiquid(engine, source, columns);
  const context = new GuardedContext(scope, engine.options, { sync: true }, { liquid: engine });
  await inSlices(yielding(engine.renderer.renderTemplates(templates, context, text)));
  return text.buffer;
}

/** Throws as renderLiquid does. Whether its names exist is seen when it is rendered. */
export function parseLiquid(engine: Liquid, source: string, columns: ReadonlySet<string>) {
  if (source.length > longestTemplate) throw new Error(`la plantilla pasa los ${longestTemplate} caracteres`);
  if (tagsIn(source) > mostTags) throw new Error(`tiene más de ${mostTags} etiquetas`);
  return engine.parse(withOldPlaceholders(source, columns));
}

function* yielding(task: unknown): Running {
  return yield task;
}

function tagsIn(source: string): number {
  const tags = source.match(/\{[{%\p{L}]/gu)?.length ?? 0;
  const hasTagPerLine = /\{%-?\s*liquid\b/.test(source);
  return hasTagPerLine ? tags + source.split('\n').length : tags;
}

function limitedText(): Emitter {
  return {
    buffer: '',
    write(value: unknown) {
      this.buffer += textOf(value);
      if (this.buffer.length > longestText) throw new Error(`el texto pasa los ${longestText} caracteres`);
    },
  };
}

type Running = Generator<unknown, unknown, unknown>;
type Step = { kind: 'value'; value: unknown } | { kind: 'error'; error: unknown };

/** Runs a generator and those that it yields, each the value of its yield, with pauses. */
async function inSlices(root: Running): Promise<void> {
  const running = [root];
  let step: Step = { kind: 'value', value: undefined };
  let worked = 0;
  while (running.length > 0) {
    const began = performance.now();
    let passed = 0;
    while (running.length > 0 && passed < slice) {
      step = advance(running, step);
      passed = performance.now() - began;
    }
    worked += passed;
    if (worked > longestWork) throw new Error('el texto necesita más de un segundo de trabajo');
    if (running.length > 0) await othersTurn();
  }
  if (step.kind === 'error') throw step.error;
}

/** Gives the innermost generator what came of the step before; `running` is the stack of those not finished. */
function advance(running: Running[], last: Step): Step {
  const current = running.at(-1);
  if (current === undefined) return last;
  try {
    const { done, value } = last.kind === 'error' ? current.throw(last.error) : current.next(last.value);
    if (done === true) running.pop();
    if (!isRunning(value)) return { kind: 'value', value };
    running.push(value);
    return { kind: 'value', value: undefined };
  } catch (error) {
    running.pop();
    return { kind: 'error', error };
  }
}

function isRunning(value: unknown): value is Running {
  return typeof value === 'object' && value !== null && Symbol.iterator in value && 'throw' in value;
}
