SELECT 1, collectivity.name, collectivity.siren, collectivity.postal_codes, collectivity.population, collectivity.departement_id, collectivity.region_id, collectivity.epci_id, collectivity.id
FROM collectivity
WHERE collectivity.id = coalesce((SELECT collectivity.id
FROM collectivity
WHERE collectivity.kind = %(v0)s::VARCHAR COLLATE "C" AND collectivity.code = %(v1)s::VARCHAR COLLATE "C"
 LIMIT 1), (SELECT collectivity.id
FROM collectivity
WHERE collectivity.kind = %(v2)s::VARCHAR COLLATE "C" AND collectivity.code = %(v3)s::VARCHAR COLLATE "C" AND collectivity.sub_kind = ANY (%(v4)s::VARCHAR[] COLLATE "C")
 LIMIT 1), (SELECT former_code.collectivity_id
FROM former_code
WHERE former_code.code = %(v5)s::VARCHAR COLLATE "C"
 LIMIT 1)) ORDER BY collectivity.kind ASC, collectivity.code ASC

SELECT collectivity.id, collectivity.name
FROM collectivity
WHERE collectivity.id = ANY (%(keys)s::INTEGER[])

SELECT collectivity.id, collectivity.name
FROM collectivity
WHERE collectivity.id = ANY (%(keys)s::INTEGER[])

SELECT collectivity.id, collectivity.name, collectivity.siren
FROM collectivity
WHERE collectivity.id = ANY (%(keys)s::INTEGER[])

SELECT laureate.collectivity_id, count(*) AS count_1
FROM award JOIN laureate ON laureate.award_id = award.id
WHERE laureate.collectivity_id = ANY (%(keys)s::INTEGER[]) GROUP BY laureate.collectivity_id
