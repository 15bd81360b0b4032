-- collectivityGroups (totalCount)
SELECT count(*) FROM (
    SELECT kind, sub_kind FROM collectivity
    WHERE id IN (SELECT collectivity_id FROM laureate)
    GROUP BY kind, sub_kind
    HAVING count(*) >= 2
) AS g;

-- collectivityGroups.nodes (key.kind, key.subKind, count)
SELECT kind, sub_kind, count(*) AS n
FROM collectivity
WHERE id IN (SELECT collectivity_id FROM laureate)
GROUP BY kind, sub_kind
HAVING count(*) >= 2
ORDER BY n DESC, CASE kind
    WHEN 'REGION' THEN 1 WHEN 'DEPARTEMENT' THEN 2 WHEN 'EPCI' THEN 3 WHEN 'COMMUNE' THEN 4 ELSE 5
END, sub_kind;
