-- awardGroups (totalCount)
SELECT count(*) FROM collectivity AS d
WHERE d.kind = 'DEPARTEMENT' AND d.id NOT IN (
    SELECT c.departement_id
    FROM award AS a
    JOIN laureate AS l ON l.award_id = a.id
    JOIN collectivity AS c ON c.id = l.collectivity_id
    WHERE a.year >= 2015 AND c.departement_id IS NOT NULL
);

-- awardGroups.nodes (key.departement.code, key.departement.name, count)
SELECT d.code, d.name, 0 FROM collectivity AS d
WHERE d.kind = 'DEPARTEMENT' AND d.id NOT IN (
    SELECT c.departement_id
    FROM award AS a
    JOIN laureate AS l ON l.award_id = a.id
    JOIN collectivity AS c ON c.id = l.collectivity_id
    WHERE a.year >= 2015 AND c.departement_id IS NOT NULL
)
ORDER BY d.code
LIMIT 5;
