import { answers, fails, proof, touches, type SqlCase } from './sql-case.ts';

const insert = proof('insert', 'INSERT (Transact-SQL)');
const update = proof('update', 'UPDATE (Transact-SQL)');
const remove = proof('delete', 'DELETE (Transact-SQL)');
const output = proof('output', 'OUTPUT clause (Transact-SQL)');
const identity = proof('identity', 'IDENTITY (Property) (Transact-SQL)');
const constraints = proof('constraints', 'ALTER TABLE (Transact-SQL)');
const scope = proof('identity', 'SCOPE_IDENTITY (Transact-SQL)');
const rowCount = proof('counts', '@@ROWCOUNT (Transact-SQL)');
const noCount = proof('counts', 'SET NOCOUNT (Transact-SQL)');
const versions = proof('rowversion', 'rowversion (Transact-SQL)');
const numbered =
  'CREATE TABLE Numbered (id INT IDENTITY(10, 5) NOT NULL, v INT NULL, version ROWVERSION NOT NULL);';
const indexed = 'CREATE TABLE Tag (name NVARCHAR(10) NULL); CREATE UNIQUE INDEX UX_Tag ON Tag (name);';
const firstInvoice = 'SELECT total, paid FROM Invoice WHERE id = 1';

/** On the tables of `world.ts`. */
export const writeCases: readonly SqlCase[] = [
  touches(insert, "INSERT INTO Client (id, name) VALUES (7, 'Eva'), (8, N'Fé')", 2),
  touches(insert, "INSERT Client VALUES (7, 'Eva', NULL, 1)", 1),
  touches(
    insert,
    "INSERT INTO Client (name, id, city) SELECT name + '2', id + 10, city FROM Client WHERE id < 3",
    2,
  ),
  touches(
    insert,
    'WITH old AS (SELECT id, name FROM Client) INSERT INTO Client (id, name) SELECT id + 10, name FROM old',
    4,
  ),
  answers(
    insert,
    "INSERT INTO Invoice (client, number, issued, total, paid) VALUES (4, 'D-1', '20240401', '1.005', DEFAULT); SELECT issued, total, paid FROM Invoice WHERE number = 'd-1'",
    ['date', 'decimal(10,2)', 'bit'],
    ['2024-04-01', 1.01, false],
  ),
  answers(
    insert,
    "INSERT INTO Client (id, name, city) VALUES (9, 'x', 'Añatuya'); SELECT city, name FROM Client WHERE id = 9",
    ['varchar(15)', 'nvarchar(20)'],
    ['Añatuya', 'x'],
  ),
  touches(
    insert,
    "INSERT INTO Client (id, name) SELECT 1, 'x' WHERE NOT EXISTS (SELECT 1 FROM Client WITH (UPDLOCK, HOLDLOCK) WHERE id = 1)",
    0,
  ),
  answers(
    insert,
    'INSERT INTO Client (id, name) SELECT n, t FROM OPENJSON(\'[{"n":20,"t":"a"},{"n":21,"t":"b"}]\') WITH (n INT, t NVARCHAR(5)); SELECT COUNT(*) FROM Client WHERE id >= 20',
    ['int'],
    [2],
  ),
  fails(
    'insert',
    "INSERT INTO Client (id, name) VALUES (1, 'Ana')",
    2627,
    "Violation of PRIMARY KEY constraint 'PK_Client'. Cannot insert duplicate key in object 'dbo.Client'. The duplicate key value is (1).",
  ),
  fails(
    'insert',
    "INSERT INTO Invoice (client, number, issued, total) VALUES (1, 'a-1', '2024-01-01', 1)",
    2627,
    "Violation of UNIQUE KEY constraint 'UQ_Invoice_number'. Cannot insert duplicate key in object 'dbo.Invoice'. The duplicate key value is (a-1).",
  ),
  fails(
    'insert',
    `${indexed} INSERT INTO Tag (name) VALUES ('a'), ('A')`,
    2601,
    "Cannot insert duplicate key row in object 'dbo.Tag' with unique index 'UX_Tag'. The duplicate key value is (A).",
  ),
  fails('insert', `${indexed} INSERT INTO Tag (name) VALUES (NULL), (NULL)`, 2601),
  fails('insert', 'INSERT INTO Client (id) VALUES (9)', 515),
  fails('insert', "INSERT INTO Client (id, name, boss) VALUES (9, 'x', 99)", 547),
  answers(
    constraints,
    "CREATE TABLE Place (a INT CONSTRAINT PK_Place PRIMARY KEY); CREATE TABLE Thing (a INT); ALTER TABLE Thing ADD CONSTRAINT FK_Thing FOREIGN KEY (a) REFERENCES Place; SELECT name, type_desc FROM sys.indexes WHERE object_id = OBJECT_ID('Place')",
    ['nvarchar(128)', 'nvarchar(60)'],
    ['PK_Place', 'CLUSTERED'],
  ),
  answers(
    identity,
    'CREATE TABLE Whole (a DECIMAL(10, 0) IDENTITY(5, 5) PRIMARY KEY, b INT); INSERT INTO Whole (b) OUTPUT inserted.a VALUES (7), (8); SELECT a, a / 2, SCOPE_IDENTITY() FROM Whole WHERE a = 10',
    ['decimal(10,0)', 'decimal(16,6)', 'decimal(38,0)'],
    [10, 5, 10],
  ),
  fails(
    'identity',
    'CREATE TABLE Tiny (a TINYINT IDENTITY(255, 1), b INT); INSERT INTO Tiny (b) VALUES (1), (2)',
    8115,
    'Arithmetic overflow error converting IDENTITY to data type tinyint.',
  ),
  fails('insert', 'INSERT INTO Client (id, name) VALUES (9, NULL)', 515),
  fails(
    'insert',
    "INSERT INTO Invoice (client, number, issued, total) VALUES (99, 'X-1', '2024-01-01', 1)",
    547,
  ),
  fails(
    'insert',
    "INSERT INTO Invoice (client, number, issued, total) VALUES (1, 'X-1', '2024-01-01', -1)",
    547,
  ),
  fails('insert', "INSERT INTO Client (id, name, city) VALUES (9, 'x', 'Comodoro Rivadavia')", 2628),
  fails('insert', "INSERT INTO Client (id, name) VALUES (9, N'123456789012345678901')", 2628),
  touches(insert, "INSERT INTO Client (id, name, city) VALUES (9, 'x', '123456789012345   ')", 1),
  fails(
    'insert',
    "INSERT INTO Invoice (client, number, issued, total) VALUES (1, 'X-1', '2024-01-01', 123456789)",
    8115,
  ),
  fails('insert', "INSERT INTO Client (id, name) VALUES (3000000000, 'x')", 8115),
  fails(
    'insert',
    "INSERT INTO Client (id, name) VALUES ('nine', 'x')",
    245,
    "Conversion failed when converting the varchar value 'nine' to data type int.",
  ),
  fails('insert', "INSERT INTO Invoice (client, number, issued, total) VALUES (1, 'X-1', 'soon', 1)", 241),
  fails(
    'insert',
    "INSERT INTO Invoice (client, number, issued, total) VALUES (1, 'X-1', '2024-01-01', 'much')",
    8114,
  ),
  fails('insert', "INSERT INTO Client (id, name) VALUES (1 / 0, 'x')", 8134),
  fails('insert', 'INSERT INTO Client (id, name) VALUES (9)', 109),
  fails('insert', "INSERT INTO Client (id) VALUES (9, 'x')", 110),
  fails('insert', 'INSERT INTO Client (id, name) SELECT 9', 120),
  fails('insert', 'INSERT INTO Client (id) SELECT 9, 1', 121),
  fails('insert', "INSERT INTO Client VALUES (9, 'x')", 213),
  fails(
    proof('insert', 'Table value constructor (Transact-SQL)'),
    "INSERT INTO Client (id, name) VALUES (10, 5), (11, 'x')",
    245,
  ),
  fails('insert', 'INSERT INTO Client (id, ID) VALUES (9, 9)', 264),
  fails('insert', 'INSERT INTO Client (id, nothing) VALUES (9, 9)', 207),
  fails('insert', 'INSERT INTO Nothing (id) VALUES (9)', 208),
  fails('insert', 'INSERT INTO Client (id, name) VALUES (9, city)', 207),

  answers(
    update,
    `UPDATE Invoice SET total = total * 2, paid = 0 WHERE id = 1; ${firstInvoice}`,
    ['decimal(10,2)', 'bit'],
    [201, false],
  ),
  answers(
    update,
    `UPDATE Invoice SET total += 1, paid = DEFAULT WHERE id = 1; ${firstInvoice}`,
    ['decimal(10,2)', 'bit'],
    [101.5, false],
  ),
  touches(update, 'UPDATE Client SET city = NULL', 4),
  touches(update, "UPDATE Client SET city = 'x' WHERE id = 99", 0),
  touches(update, 'UPDATE TOP (2) Invoice SET paid = 1', 2),
  touches(
    update,
    'UPDATE c SET city = i.number FROM Client c JOIN Invoice i ON i.client = c.id WHERE i.paid = 1',
    2,
  ),
  touches(
    update,
    "UPDATE Client SET city = 'paid' FROM Client INNER JOIN Invoice ON Invoice.client = Client.id",
    3,
  ),
  touches(
    update,
    'UPDATE Client SET boss = NULL FROM Client c WHERE EXISTS (SELECT 1 FROM Invoice i WHERE i.client = c.id AND i.paid = 1)',
    2,
  ),
  answers(
    update,
    'UPDATE c SET boss = t.n FROM Client c CROSS APPLY (SELECT COUNT(*) AS n FROM Invoice i WHERE i.client = c.id) t WHERE t.n > 0; SELECT id, boss FROM Client ORDER BY id',
    ['int', 'int'],
    [1, 2],
    [2, 2],
    [3, 1],
    [4, 2],
  ),
  answers(
    update,
    'UPDATE Client SET name = city, city = name WHERE id = 1; SELECT name, city FROM Client WHERE id = 1',
    ['nvarchar(20)', 'varchar(15)'],
    ['Rosario', 'Ana'],
  ),
  answers(
    update,
    'UPDATE Invoice SET total = (SELECT MAX(total) FROM Invoice) WHERE id = 5; SELECT total FROM Invoice WHERE id = 5',
    ['decimal(10,2)'],
    [100.5],
  ),
  answers(
    update,
    'WITH best AS (SELECT TOP (1) id FROM Invoice ORDER BY total DESC) UPDATE i SET paid = 0 FROM Invoice i JOIN best ON best.id = i.id; SELECT id FROM Invoice WHERE paid = 1',
    ['int'],
    [4],
  ),
  fails('update', 'UPDATE Invoice SET id = 9 WHERE id = 1', 8102, "Cannot update identity column 'id'."),
  fails('update', 'UPDATE Client SET name = NULL WHERE id = 1', 515),
  fails('update', "UPDATE Client SET city = 'a', CITY = 'b'", 264),
  fails('update', 'UPDATE Client SET nothing = 1', 207),
  fails('update', 'UPDATE Client SET id = 1 WHERE id = 4', 2627),
  fails('update', 'UPDATE Invoice SET client = 99', 547),
  fails('update', "UPDATE Client SET city = REPLICATE('x', 16)", 2628),
  fails('update', 'UPDATE d SET city = NULL FROM Client c', 208, "Invalid object name 'd'."),

  touches(remove, 'DELETE FROM Invoice WHERE paid = 0', 3),
  touches(remove, 'DELETE Invoice', 5),
  touches(remove, 'DELETE TOP (2) FROM Invoice', 2),
  touches(remove, 'DELETE i FROM Invoice i JOIN Client c ON c.id = i.client WHERE c.city IS NULL', 1),
  touches(
    remove,
    'DELETE FROM Client WHERE NOT EXISTS (SELECT 1 FROM Invoice i WHERE i.client = Client.id)',
    1,
  ),
  touches(remove, 'DELETE FROM Invoice FROM Client c WHERE c.id = Invoice.client AND c.id = 2', 2),
  fails('delete', 'DELETE FROM Client WHERE id = 1', 547),
  fails('delete', 'DELETE FROM Nothing', 208),

  answers(
    output,
    "INSERT INTO Client (id, name) OUTPUT inserted.id AS n, inserted.city VALUES (7, 'a')",
    ['int', 'varchar(15)'],
    [7, null],
  ),
  answers(
    output,
    'UPDATE Invoice SET total = 5 OUTPUT deleted.total, inserted.total, inserted.number WHERE id = 1',
    ['decimal(10,2)', 'decimal(10,2)', 'varchar(10)'],
    [100.5, 5, 'A-1'],
  ),
  answers(
    output,
    'DELETE FROM Invoice OUTPUT deleted.* WHERE id = 5',
    ['int', 'int', 'varchar(10)', 'date', 'decimal(10,2)', 'bit'],
    [5, 3, 'C-1', '2024-03-05', 0, false],
  ),
  answers(
    output,
    'UPDATE i SET paid = 1 OUTPUT c.name, inserted.id * 10 AS n FROM Invoice i JOIN Client c ON c.id = i.client WHERE c.id = 3',
    ['nvarchar(20)', 'int'],
    ['Ciro', 50],
  ),
  answers(
    output,
    'DELETE i OUTPUT c.name FROM Invoice i JOIN Client c ON c.id = i.client WHERE i.id = 4',
    ['nvarchar(20)'],
    ['Beto'],
  ),
  answers(output, 'UPDATE Client SET city = NULL OUTPUT inserted.id WHERE id = 99', ['int']),
  fails('output', "INSERT INTO Client (id, name) OUTPUT deleted.id VALUES (7, 'a')", 4104),
  fails('output', 'DELETE FROM Invoice OUTPUT inserted.id', 4104),

  answers(
    identity,
    `${numbered} INSERT INTO Numbered (v) VALUES (1), (2); SELECT id, v FROM Numbered ORDER BY id`,
    ['int', 'int'],
    [10, 1],
    [15, 2],
  ),
  answers(
    scope,
    `${numbered} INSERT INTO Numbered (v) VALUES (1), (2); SELECT SCOPE_IDENTITY()`,
    ['decimal(38,0)'],
    [15],
  ),
  answers(
    proof('identity', '@@IDENTITY (Transact-SQL)'),
    `${numbered} INSERT INTO Numbered (v) VALUES (1); SELECT @@IDENTITY`,
    ['decimal(38,0)'],
    [10],
  ),
  answers(
    identity,
    `${numbered} INSERT INTO Numbered (v) VALUES (1); DELETE FROM Numbered; INSERT INTO Numbered (v) VALUES (1); SELECT id FROM Numbered`,
    ['int'],
    [15],
  ),
  answers(
    proof('identity', 'TRUNCATE TABLE (Transact-SQL)'),
    `${numbered} INSERT INTO Numbered (v) VALUES (1); TRUNCATE TABLE Numbered; INSERT INTO Numbered (v) VALUES (1); SELECT id FROM Numbered`,
    ['int'],
    [10],
  ),
  fails('identity', `${numbered} INSERT INTO Numbered (id, v) VALUES (1, 1)`, 544),
  fails('identity', 'CREATE TABLE Two (a INT IDENTITY, b INT IDENTITY)', 2744),
  fails('identity', 'CREATE TABLE Two (a INT NULL IDENTITY)', 8147),
  fails('identity', 'CREATE TABLE Two (a VARCHAR(5) IDENTITY)', 2749),

  answers(rowCount, 'UPDATE Invoice SET paid = 1 WHERE id < 4; SELECT @@ROWCOUNT', ['int'], [3]),
  answers(rowCount, 'SELECT id FROM Client; SELECT @@ROWCOUNT', ['int'], [4]),
  answers(rowCount, 'DECLARE @n INT; SET @n = 5; SELECT @@ROWCOUNT', ['int'], [1]),
  touches(noCount, 'SET NOCOUNT ON; UPDATE Invoice SET paid = 1'),
  touches(rowCount, 'UPDATE Invoice SET paid = 1 WHERE id = 1; DELETE FROM Invoice WHERE id > 3', 1, 2),

  answers(
    versions,
    `${numbered} INSERT INTO Numbered (v) VALUES (1); DECLARE @before BINARY(8) = (SELECT version FROM Numbered); UPDATE Numbered SET v = 2; SELECT COUNT(*) FROM Numbered WHERE version > @before`,
    ['int'],
    [1],
  ),
  answers(
    versions,
    `${numbered} INSERT INTO Numbered (v) VALUES (1), (1); SELECT COUNT(DISTINCT version) FROM Numbered`,
    ['int'],
    [2],
  ),
  answers(
    proof('rowversion', 'MIN_ACTIVE_ROWVERSION (Transact-SQL)'),
    `${numbered} INSERT INTO Numbered (v) VALUES (1); SELECT COUNT(*) FROM Numbered WHERE version >= MIN_ACTIVE_ROWVERSION()`,
    ['int'],
    [1],
  ),
  answers(versions, `${numbered} SELECT version FROM Numbered`, ['binary(8)']),
  fails('rowversion', `${numbered} INSERT INTO Numbered (v, version) VALUES (1, 0x01)`, 273),
  fails('rowversion', `${numbered} UPDATE Numbered SET version = 0x01`, 272),
  fails('rowversion', 'CREATE TABLE Two (a ROWVERSION, b ROWVERSION)', 2738),
];
