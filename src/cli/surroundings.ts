import type { Temporal } from 'temporal-polyfill';

/** What the command line has around it; a test gives its own. */
export interface Surroundings {
  environment: Readonly<Record<string, string | undefined>>;
  fetch: (address: string, init: RequestInit) => Promise<Response>;
  /** Gets whole texts, with their line ends. */
  write: (text: string) => void;
  writeError: (text: string) => void;
  colours: boolean;
  /** Of the terminal; null: there is none, and nothing is cut. */
  columns: number | null;
  /** Asks a person, who may go away instead of answering (null); null: nobody is there to be asked. */
  ask: ((question: string) => Promise<string | null>) | null;
  /** Who is signed in on this machine. */
  user: string;
  /** IANA name: times of Vigía itself are shown in it. */
  zone: string;
  now: () => Temporal.Instant;
}
