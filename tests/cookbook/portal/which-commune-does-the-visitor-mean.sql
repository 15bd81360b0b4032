-- name (label, kind, code)
SELECT c.name || ' (' || d.name || ')', c.kind, c.code
FROM collectivity AS c
JOIN collectivity AS d ON d.id = c.departement_id
WHERE c.name_folded LIKE 'vitry le%' AND c.kind = 'COMMUNE'
ORDER BY c.population DESC
LIMIT 3;

-- postalCode (label, kind, code)
SELECT c.name || ' (' || d.name || ')', c.kind, c.code
FROM collectivity AS c
JOIN collectivity AS d ON d.id = c.departement_id
WHERE ' ' || c.postal_codes || ' ' LIKE '% 53500 %' AND c.kind = 'COMMUNE'
ORDER BY c.population DESC
LIMIT 2;
