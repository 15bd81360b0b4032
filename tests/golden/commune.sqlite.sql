SELECT 1, collectivity.name, collectivity.siren, collectivity.postal_codes, collectivity.population, collectivity.departement_id, collectivity.region_id, collectivity.epci_id, collectivity.id
FROM collectivity
WHERE collectivity.id = coalesce((SELECT collectivity.id
FROM collectivity
WHERE collectivity.kind = ? AND collectivity.code = ?
 LIMIT 1 OFFSET ?), (SELECT collectivity.id
FROM collectivity
WHERE collectivity.kind = ? AND collectivity.code = ? AND collectivity.sub_kind IN (SELECT value FROM json_each(?))
 LIMIT 1 OFFSET ?), (SELECT former_code.collectivity_id
FROM former_code
WHERE former_code.code = ?
 LIMIT 1 OFFSET ?)) ORDER BY collectivity.kind ASC, collectivity.code ASC

SELECT collectivity.id, collectivity.name
FROM collectivity
WHERE collectivity.id IN (SELECT value FROM json_each(?))

SELECT collectivity.id, collectivity.name
FROM collectivity
WHERE collectivity.id IN (SELECT value FROM json_each(?))

SELECT collectivity.id, collectivity.name, collectivity.siren
FROM collectivity
WHERE collectivity.id IN (SELECT value FROM json_each(?))

SELECT laureate.collectivity_id, count(*) AS count_1
FROM award JOIN laureate ON laureate.award_id = award.id
WHERE laureate.collectivity_id IN (SELECT value FROM json_each(?)) GROUP BY laureate.collectivity_id
