-- awards (totalCount)
SELECT count(*)
FROM award AS a
JOIN edition AS e ON e.id = a.edition_id
JOIN prize AS p ON p.id = e.prize_id
WHERE p.slug = 'prix-territoria';

-- awardGroups.nodes (key.kind, count)
SELECT c.kind, count(*) AS n
FROM award AS a
JOIN edition AS e ON e.id = a.edition_id
JOIN prize AS p ON p.id = e.prize_id
JOIN laureate AS l ON l.award_id = a.id AND l.position = 0
JOIN collectivity AS c ON c.id = l.collectivity_id
WHERE p.slug = 'prix-territoria'
GROUP BY c.kind
ORDER BY n DESC, CASE c.kind
    WHEN 'REGION' THEN 1 WHEN 'DEPARTEMENT' THEN 2 WHEN 'EPCI' THEN 3 WHEN 'COMMUNE' THEN 4 ELSE 5
END;
