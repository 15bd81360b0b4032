-- collectivities (totalCount)
SELECT count(*) FROM collectivity
WHERE kind = 'COMMUNE' AND population >= 150000
AND id NOT IN (SELECT collectivity_id FROM laureate);

-- collectivities.nodes (code, name, population)
SELECT code, name, population FROM collectivity
WHERE kind = 'COMMUNE' AND population >= 150000
AND id NOT IN (SELECT collectivity_id FROM laureate)
ORDER BY population DESC;
