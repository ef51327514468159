/** The tables that cases are asked of; whoever changes them does so in a transaction that is rolled back. */
export const world = `
  CREATE TABLE Client (
    id INT NOT NULL CONSTRAINT PK_Client PRIMARY KEY,
    name NVARCHAR(20) NOT NULL,
    city VARCHAR(15) NULL,
    boss INT NULL CONSTRAINT FK_Client_boss REFERENCES Client (id)
  );
  CREATE TABLE Invoice (
    id INT IDENTITY(1, 1) NOT NULL CONSTRAINT PK_Invoice PRIMARY KEY,
    client INT NOT NULL CONSTRAINT FK_Invoice_client REFERENCES Client (id),
    number VARCHAR(10) NOT NULL CONSTRAINT UQ_Invoice_number UNIQUE,
    issued DATE NOT NULL,
    total DECIMAL(10, 2) NOT NULL CONSTRAINT CK_Invoice_total CHECK (total >= 0),
    paid BIT NOT NULL CONSTRAINT DF_Invoice_paid DEFAULT 0
  );
  INSERT INTO Client (id, name, city, boss) VALUES
    (1, 'Ana', 'Rosario', NULL), (2, 'Beto', 'Salta', 1), (3, 'Ciro', NULL, 1), (4, 'Dora', 'Rosario', 2);
  INSERT INTO Invoice (client, number, issued, total, paid) VALUES
    (1, 'A-1', '2024-01-10', 100.50, 1), (1, 'A-2', '2024-02-10', 50, 0), (2, 'B-1', '2024-02-15', 75.25, 0),
    (2, 'B-2', '2024-03-01', 20, 1), (3, 'C-1', '2024-03-05', 0, 0)`;
