-- awardGroups.nodes (key.kind, count, laureates, share)
WITH won AS (
    SELECT c.kind, a.id AS award_id, c.id AS collectivity_id
    FROM award AS a
    JOIN edition AS e ON e.id = a.edition_id
    JOIN prize AS p ON p.id = e.prize_id
    JOIN laureate AS l ON l.award_id = a.id
    JOIN collectivity AS c ON c.id = l.collectivity_id
    WHERE p.slug = 'prix-territoria'
)
SELECT
    kind, count(DISTINCT award_id) AS n, count(DISTINCT collectivity_id),
    count(DISTINCT award_id) * 1.0 / (SELECT count(*) FROM (SELECT DISTINCT kind, award_id FROM won) AS k)
FROM won
GROUP BY kind
ORDER BY n DESC, CASE kind
    WHEN 'REGION' THEN 1 WHEN 'DEPARTEMENT' THEN 2 WHEN 'EPCI' THEN 3 WHEN 'COMMUNE' THEN 4 ELSE 5
END;
