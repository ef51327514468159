export type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/** A piece of work as a trace shows it. */
interface SpanOptions {
  name: string;
  /** `consumer` takes a message of a queue, `client` asks another service. */
  kind: 'internal' | 'consumer' | 'client';
  attributes?: Attributes;
  /** What caused it, as W3C Trace Context writes it; what runs around it unless given. */
  traceparent?: string | undefined;
}

/** One value of an instrument of `instruments` in adapters/telemetry/measurements.ts. */
export interface Measurement {
  instrument: string;
  value: number;
  attributes: Attributes;
}

/** Traces and metrics. Nothing of it may fail, or wait for anything. */
export interface Telemetry {
  /** Does the work in a span. `add` gives it what is known at its end. An error marks it, and passes. */
  trace<T>(span: SpanOptions, work: (add: (attributes: Attributes) => void) => Promise<T>): Promise<T>;
  /** Of the span that runs now, for whoever is asked to go on with it. */
  traceparent: () => string | undefined;
  measure: (measurements: readonly Measurement[]) => void;
  /** Sends what is left, within seconds. */
  close(): Promise<void>;
}

/** Where nobody listens. */
export const noTelemetry: Telemetry = {
  trace: async (_, work) => await work(() => undefined),
  traceparent: () => undefined,
  measure: () => undefined,
  close: async () => undefined,
};
