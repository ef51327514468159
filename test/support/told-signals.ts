/** Preloaded into a command: takes what its parent tells it as the signal of that name. */
process.on('message', (signal: NodeJS.Signals) => process.emit(signal));
process.channel?.unref();
