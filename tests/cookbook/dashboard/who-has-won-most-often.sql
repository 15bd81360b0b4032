-- collectivities (totalCount)
SELECT count(*) FROM (
    SELECT collectivity_id FROM laureate GROUP BY collectivity_id HAVING count(*) >= 4
) AS often;

-- collectivities.nodes (kind, name, awards.totalCount, gold.totalCount)
SELECT c.kind, c.name, count(*) AS n, count(CASE WHEN a.level = 'GOLD' THEN 1 END)
FROM laureate AS l
JOIN collectivity AS c ON c.id = l.collectivity_id
JOIN award AS a ON a.id = l.award_id
GROUP BY c.id, c.kind, c.name, c.population
HAVING count(*) >= 4
ORDER BY n DESC, c.population DESC NULLS LAST;
