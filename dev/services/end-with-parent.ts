/** Preloaded into a forked program: ends it when the process that forked it is gone, even by kill -9. */
process.on('disconnect', () => process.exit());
