/** At a step the process throws, or dies and nothing of it is heard again; before or after the step has had its effect. */
export type Break = 'throws before' | 'throws after' | 'dies before' | 'dies after';

/** Counts the steps of all processes that share it; the one with this number (from 0) breaks, and only that one. */
export interface Breaker {
  /** The names of the steps so far. */
  steps: string[];
  at: number;
  /** Or something that happens to the surroundings before the step. */
  how: Break | (() => Promise<void>);
}

export interface BreakingProcess<Ports> {
  ports: Ports;
  /** Resolves when the process dies. */
  died: Promise<'died'>;
  /** How many ports are being waited for. A dead process waits for none. */
  waitsFor(): number;
}

type Port = (...given: unknown[]) => Promise<unknown>;

interface Life {
  dead: boolean;
  busy: number;
  die(): void;
}

const never = new Promise<never>(() => undefined);

/** One process over ports that break at a step: `steps` names the ports that count as steps, `quick` those that are no promises. */
export function breakingProcess<Ports extends object>(
  ports: Ports,
  breaker: Breaker,
  { steps, quick }: { steps: readonly (keyof Ports)[]; quick: readonly (keyof Ports)[] },
): BreakingProcess<Ports> {
  const death = Promise.withResolvers<'died'>();
  const life: Life = {
    dead: false,
    busy: 0,
    die() {
      life.dead = true;
      death.resolve('died');
    },
  };
  const named = (names: readonly (keyof Ports)[], name: string) => names.some((each) => each === name);
  const wrapped = Object.entries(ports)
    .filter(([name, port]) => typeof port === 'function' && !named(quick, name))
    .map(([name, port]) => [
      name,
      living(breaking(name, port as Port, named(steps, name) ? breaker : null, life), life),
    ]);
  return {
    ports: { ...ports, ...Object.fromEntries(wrapped) },
    died: death.promise,
    waitsFor: () => (life.dead ? 0 : life.busy),
  };
}

/** Nothing comes back to a dead process. */
function living(port: Port, life: Life): Port {
  return async (...given) => {
    if (life.dead) return await never;
    life.busy++;
    const [end] = await Promise.allSettled([port(...given)]);
    life.busy--;
    if (life.dead) return await never;
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  };
}

function breaking(name: string, port: Port, breaker: Breaker | null, life: Life): Port {
  return async (...given) => {
    const breaks = breaker !== null && breaker.steps.push(name) - 1 === breaker.at;
    const how = breaks ? breaker.how : null;
    if (how === 'throws before') throw new Error(`broken before ${name}`);
    if (how === 'dies before') return life.die();
    if (typeof how === 'function') await how();
    const result = await port(...given);
    if (how === 'throws after') throw new Error(`broken after ${name}`);
    if (how === 'dies after') life.die();
    return result;
  };
}
