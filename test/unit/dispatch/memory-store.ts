import { Temporal } from 'temporal-polyfill';
import type { CloseExecution, Closing } from '../../../src/dispatch/end/close-execution.ts';
import type {
  EndRounds,
  MoveExecution,
  ReleaseLease,
  StoreWait,
} from '../../../src/dispatch/end/leave-execution.ts';
import type { OpenedExecution, OpenExecution } from '../../../src/dispatch/open-execution.ts';
import type { RecordOutcomes } from '../../../src/dispatch/deliver/record-outcomes.ts';
import type { RenewLease } from '../../../src/dispatch/prepare/renew-lease.ts';
import type {
  LoadStoredDeliveries,
  NewDelivery,
  StoreDeliveries,
} from '../../../src/dispatch/prepare/store-deliveries.ts';
import type { HoldDeliveries, TakeDeliveries } from '../../../src/dispatch/deliver/take-deliveries.ts';
import type { Tally } from '../../../src/dispatch/end/tally.ts';

export interface MemoryDelivery extends NewDelivery {
  id: number;
  stateNow: string;
  attempts: number;
  next: Temporal.Instant | null;
}

export interface MemoryExecution {
  state: string;
  owner: string | null;
  leaseUntil: Temporal.Instant | null;
  rounds: number;
  prepared: boolean;
  payload: string | null;
  instant: Temporal.Instant;
  closing: Closing | null;
}

type Configuration = Omit<
  OpenedExecution,
  'id' | 'owner' | 'instant' | 'rounds' | 'prepared' | 'payload' | 'tally' | 'everTaken'
>;

const isOpen = ({ stateNow }: MemoryDelivery) => stateNow === 'PENDIENTE' || stateNow === 'REINTENTO';
const reached = (time: Temporal.Instant | null, now: Temporal.Instant) =>
  time === null || Temporal.Instant.compare(time, now) <= 0;

/** One execution and its deliveries, kept as the control database keeps them; the integration tests hold that one to it. */
export class MemoryStore {
  readonly execution: MemoryExecution;
  readonly deliveries: MemoryDelivery[] = [];
  readonly configuration: Configuration;

  constructor(instant: Temporal.Instant, configuration: Configuration) {
    this.configuration = configuration;
    const fresh = {
      state: 'PENDIENTE',
      owner: null,
      leaseUntil: null,
      rounds: 0,
      prepared: false,
      payload: null,
    };
    this.execution = { ...fresh, instant, closing: null };
  }

  get isFinished(): boolean {
    return this.execution.state !== 'PENDIENTE' && this.execution.state !== 'EN_PROCESO';
  }

  tally(): Tally {
    const count = (state: string) => this.deliveries.filter(({ stateNow }) => stateNow === state).length;
    const next = this.deliveries.filter(isOpen).flatMap(({ next: at }) => (at === null ? [] : [at]));
    return {
      total: this.deliveries.length,
      open: this.deliveries.filter(isOpen).length,
      accepted: count('ENVIADO'),
      rejected: count('RECHAZADO'),
      failed: count('ERROR'),
      withoutContact: count('SIN_CONTACTO'),
      duplicated: count('DUPLICADO'),
      nextAttempt: next.toSorted((a, b) => Temporal.Instant.compare(a, b))[0] ?? null,
    };
  }

  readonly open: OpenExecution = async ({ executionId, owner, now, leaseUntil, dueUntil }) => {
    const { execution } = this;
    if (executionId !== 1) return { kind: 'unknown' };
    if (this.isFinished) return { kind: 'finished', state: execution.state };
    if (!reached(execution.instant, dueUntil)) return { kind: 'early', instant: execution.instant };
    if (!reached(execution.leaseUntil, now)) return { kind: 'held', until: execution.leaseUntil ?? now };
    const { rounds, prepared } = execution;
    execution.state = 'EN_PROCESO';
    execution.rounds += 1;
    execution.owner = prepared ? null : owner;
    execution.leaseUntil = prepared ? null : leaseUntil;
    const { instant, payload } = execution;
    const everTaken = this.deliveries.some(
      ({ attempts, next }) => attempts > 0 || (next !== null && !reached(next, instant)),
    );
    const opened = {
      id: 1,
      owner: execution.owner,
      instant,
      rounds,
      prepared,
      payload,
      tally: this.tally(),
      everTaken,
    };
    return { kind: 'opened', execution: { ...this.configuration, ...opened } };
  };

  readonly storeDeliveries: StoreDeliveries = async ({ owner, payload, deliveries, anew, instant, last }) => {
    if (this.execution.owner !== owner) return { kind: 'lost' };
    if (anew) this.deliveries.length = 0;
    this.execution.payload = payload;
    this.progress();
    for (const delivery of deliveries) {
      if (this.deliveries.some(({ person }) => person === delivery.person)) continue;
      const next = delivery.state === 'PENDIENTE' ? instant : null;
      this.deliveries.push({
        ...delivery,
        id: this.deliveries.length + 1,
        stateNow: delivery.state,
        attempts: 0,
        next,
      });
    }
    if (last) Object.assign(this.execution, { prepared: true, owner: null, leaseUntil: null });
    return { kind: 'stored', tally: this.tally() };
  };

  readonly loadStored: LoadStoredDeliveries = async () => this.deliveries;

  readonly take: TakeDeliveries = async ({ dueUntil, holdUntil, limit }) => {
    const due = this.deliveries
      .filter((each) => isOpen(each) && reached(each.next, dueUntil))
      .slice(0, limit);
    for (const delivery of due) delivery.next = holdUntil;
    return { deliveries: due.map((each) => ({ ...each, text: each.text ?? '' })), tally: this.tally() };
  };

  readonly hold: HoldDeliveries = async ({ ids, heldUntil, until }) => {
    const held = this.deliveries.filter(({ id, next }) => ids.includes(id) && next?.equals(heldUntil));
    for (const delivery of held) delivery.next = until;
    return new Set(held.map(({ id }) => id));
  };

  readonly record: RecordOutcomes = async ({ outcomes }) => {
    this.progress();
    for (const { deliveryId, state, attempt, nextAttempt } of outcomes) {
      const delivery = this.deliveries.find(({ id }) => id === deliveryId);
      if (delivery) Object.assign(delivery, { stateNow: state, attempts: attempt, next: nextAttempt });
    }
    const tally = this.tally();
    const finished = tally.accepted + tally.duplicated === tally.total;
    if (finished) this.execution.state = 'ENVIADA';
    return { kind: 'recorded', tally, finished };
  };

  readonly close: CloseExecution = async (closing) => {
    if (this.isFinished || !this.ownedBy(closing.owner)) return null;
    const failed = closing.state === 'ERROR' || closing.state === 'PERDIDA';
    const state = failed && this.tally().accepted > 0 ? 'PARCIAL' : closing.state;
    Object.assign(this.execution, { state, closing, owner: null, leaseUntil: null });
    for (const delivery of this.deliveries.filter(isOpen))
      Object.assign(delivery, { stateNow: 'ERROR', next: null });
    return state;
  };

  readonly wait: StoreWait = async ({ owner, until }) => {
    if (!this.ownedBy(owner)) return false;
    Object.assign(this.execution, { owner: null, leaseUntil: until, rounds: 0 });
    return true;
  };

  readonly endRounds: EndRounds = async (_executionId, openings) => {
    this.execution.rounds = openings === 'all' ? 0 : Math.max(0, this.execution.rounds - 1);
  };

  readonly move: MoveExecution = async ({ to }) => {
    Object.assign(this.execution, {
      instant: to.toInstant(),
      state: 'PENDIENTE',
      owner: null,
      leaseUntil: null,
    });
    return true;
  };

  readonly release: ReleaseLease = async ({ owner }) => {
    if (this.execution.owner === owner) Object.assign(this.execution, { owner: null, leaseUntil: null });
  };

  readonly renew: RenewLease = async ({ owner, until }) => {
    if (this.execution.owner !== owner) return false;
    this.execution.leaseUntil = until;
    return true;
  };

  private progress(): void {
    this.execution.rounds = Math.min(1, this.execution.rounds);
  }

  private ownedBy(owner: string | null): boolean {
    return owner === null ? this.execution.prepared : this.execution.owner === owner;
  }
}
