import { randomFrom } from './random.ts';

/** When a life of the host ends by kill -9. Times in ms. */
export type KillMoment =
  /** After it was started: mostly before it can be called. */
  | { kind: 'starting'; after: number }
  /** After it could be called. */
  | { kind: 'any time'; after: number }
  /** After a scan was asked for. */
  | { kind: 'scan'; after: number }
  /** When this life's `count`th webhook has arrived, before it is answered. */
  | { kind: 'request'; count: number }
  /** After this life's `count`th webhook was accepted: its outcome is stored about a second later. */
  | { kind: 'answer'; count: number; after: number };

const kinds = [
  'starting',
  'any time',
  'any time',
  'scan',
  'scan',
  'request',
  'request',
  'answer',
  'answer',
  'answer',
] as const;

export function planKill(seed: number, number: number): KillMoment {
  const random = randomFrom(seed, 'kill', number);
  const kind = random.pick(kinds);
  switch (kind) {
    case 'starting':
      return { kind, after: random.between(200, 1_500) };
    case 'any time':
      return { kind, after: random.between(0, 3_500) };
    case 'scan':
      return { kind, after: random.between(0, 300) };
    case 'request':
      return { kind, count: random.between(1, 25) };
    case 'answer':
      return { kind, count: random.between(1, 25), after: random.between(0, 1_300) };
  }
}
