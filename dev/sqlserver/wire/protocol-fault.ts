/** Bytes that are not TDS: the connection that sent them ends, and no other. */
export class ProtocolFault extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'ProtocolFault';
  }
}
