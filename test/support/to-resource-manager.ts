/** Imported before a command: what it asks of Azure Resource Manager goes to the server of a test. */
const { fetch } = globalThis;
const { RESOURCE_MANAGER = '' } = process.env;

globalThis.fetch = (asked, init) =>
  fetch(
    typeof asked === 'string' ? asked.replace('https://management.azure.com', RESOURCE_MANAGER) : asked,
    init,
  );
